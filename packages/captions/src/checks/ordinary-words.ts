const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Words that may begin a sentence about a photograph, and are then written with a capital. */
export const SENTENCE_STARTS = words(`
a about above across after against all along also among an and another any around as at away back beautiful because before
behind below beneath beside besides between beyond big black blank blue both bright broad brown but by carved cloth cold
dark daylight day deep dim dimly down each early eight eyes faint fabric felt few five flash flat four from front full fur
golden great green grey gray half hand hands he head her here high his in inside into indoors it its just large last late
left less light lights little long low many medium morning most mostly my near nearby nearly next night nine no nobody
none noon not nothing now object objects of off old on one only onto opposite orange other others our out outdoors outside
over overcast pale part parts photo photograph picture pink plain prop props puppet puppets purple quite rear red right
round seven several shadow shadows sharp she shot side sideways six slightly small so soft some somebody somebody's
someone something still straight strong sun sunlight tall ten text that the their them then there these they thick thin
this those three through to together top tight toward towards two under underneath unknown until up upon upper upright
very warm we what when where which while white who whole wide with within without wood wooden woollen yellow yes you young
bathed bent bound caught cut drawn held hung kept lit made put sat seen set sewn shown shut spread stood taken thrown
torn worn i ok led tv usb diy
`);
