import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { html, raw } from "./html.ts";

test("text cannot leave its place, whether it stands between tags or in a quoted attribute", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const { markup } = html`<p title="${text}">${text}</p>`;
      const inside = markup.slice('<p title="'.length, -"</p>".length);
      assert.doesNotMatch(inside.replace('">', ""), /[<>"']/);
    }),
  );
});

test("what `html` made is not escaped again, lists stand one after the other, and nothing is left of nothing", () => {
  const items = (["a<b", undefined, false, null, 3] as const).map((value) => html`<li>${value}</li>`);
  assert.equal(
    html`<ul>${items}</ul>${raw("<hr>")}`.markup,
    "<ul><li>a&lt;b</li><li></li><li></li><li></li><li>3</li></ul><hr>",
  );
});
