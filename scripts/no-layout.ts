/*
 * Stands in for yoga-layout, which Ink lays its own nodes out with: no part of the screen is one (source/ui/canvas.ts), and what Ink would
 * draw of a fault nobody sees, since the screen is left with it. Its WebAssembly takes a tenth of the time to the first frame.
 */

const notDrawn = 1;

/** Takes every style, and is not drawn. */
const node: object = new Proxy({}, { get: (_, name) => (name === 'getDisplay' ? () => notDrawn : () => 0) });

const layout = { DISPLAY_NONE: notDrawn, Node: { create: () => node } };

export default layout;
