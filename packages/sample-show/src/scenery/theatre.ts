import { cloth, felt, hard, stitch, thread } from "../art/felt.ts";

const fold = (x: number, width: number, { top, bottom }: { top: number; bottom: number }): string =>
  `<path d="M${x} ${top} h${width} q4 ${(bottom - top) / 2} 0 ${bottom - top} q${-width / 2} 14 ${-width} 0 q-4 ${(top - bottom) / 2} 0 ${top - bottom} Z" fill="url(#velvet)"/>`;

const VELVET =
  '<linearGradient id="velvet"><stop offset="0" stop-color="#15224f"/><stop offset=".35" stop-color="#3450a0"/><stop offset=".6" stop-color="#263c80"/><stop offset="1" stop-color="#111b40"/></linearGradient>' +
  '<linearGradient id="gilt" x2="0" y2="1"><stop offset="0" stop-color="#f3d58a"/><stop offset=".5" stop-color="#c4933b"/><stop offset="1" stop-color="#86601f"/></linearGradient>';

const scallops = Array.from({ length: 9 }, (_, i) => {
  const x = 60 + i * 129;
  return (
    cloth(`<path d="M${x} 0 h129 v70 q-64 62 -129 0 Z" fill="url(#velvet)"/>`) +
    `<path d="M${x} 70 q64 62 129 0" fill="none" stroke="url(#gilt)" stroke-width="9" stroke-dasharray="5 3"/>`
  );
}).join("");

const side = (x: number): string =>
  Array.from({ length: 3 }, (_, i) => fold(x + i * 36, 36, { top: 0, bottom: 660 })).join("");

/** What the audience sees round the stage: side curtains, valance, the playboard with its gilt edge. */
export const PROSCENIUM =
  VELVET +
  cloth(side(0) + side(1172)) +
  `<path d="M0 420 q60 26 112 -6" fill="none" stroke="url(#gilt)" stroke-width="12"/><path d="M1280 420 q-60 26 -112 -6" fill="none" stroke="url(#gilt)" stroke-width="12"/>` +
  felt('<path d="M96 416 l10 46 h-24 Z M1184 416 l10 46 h-24 Z" fill="#d3a24a"/>') +
  scallops +
  hard('<rect width="1280" height="26" fill="url(#gilt)"/>') +
  hard('<rect y="646" width="1280" height="80" fill="#5a3723"/>') +
  hard('<rect y="636" width="1280" height="20" fill="url(#gilt)"/>') +
  Array.from({ length: 7 }, (_, i) => {
    const x = 100 + i * 180;
    return `<rect x="${x - 76}" y="668" width="152" height="40" rx="8" fill="#6d4630" stroke="#c4933b" stroke-width="3"/>${thread(`M${x - 40} 688 q20 -16 40 0 q20 16 40 0`, "#c4933b", 4)}`;
  }).join("");

/** One half of the main curtain, 600 units wide, its meeting edge on the right. Mirrored for the other half. */
export const CURTAIN_HALF =
  VELVET +
  cloth(Array.from({ length: 12 }, (_, i) => fold(-600 + i * 50, 50, { top: 0, bottom: 650 })).join("")) +
  stitch("M-6 20 V640", "#e2bb66", 4) +
  `<path d="M-600 634 q150 14 300 4 t300 0" fill="none" stroke="url(#gilt)" stroke-width="14" stroke-dasharray="6 3"/>` +
  felt(
    '<path d="M-330 250 l18 40 l44 4 l-33 29 l10 43 l-39 -23 l-39 23 l10 -43 l-33 -29 l44 -4 Z" fill="#d9b052"/>',
  );
