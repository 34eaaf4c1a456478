import type { StylesheetJson } from 'cytoscape'

/**
 * How elements look: all that varies is in their data, so the sheet itself never changes (restyling everything is what makes
 * graphs stutter). Boxes lie below edges, edges below nodes. Text is drawn above, on a canvas of its own.
 */
export const stylesheet: StylesheetJson = [
  { selector: '*', style: { 'z-index-compare': 'manual', 'overlay-opacity': 0, 'min-zoomed-font-size': 0 } },
  {
    selector: 'node',
    style: { width: 'data(width)', height: 'data(height)', 'underlay-opacity': 0, 'border-width': 0 },
  },
  {
    selector: '.namespace, .app',
    style: {
      shape: 'round-rectangle',
      'background-color': 'data(fill)',
      'border-width': 1,
      'border-color': 'data(stroke)',
      'z-index': 1,
    },
  },
  { selector: '.app', style: { 'z-index': 2 } },
  {
    selector: '.node',
    style: {
      shape: 'ellipse',
      'background-opacity': 0,
      'background-image': 'data(image)',
      'background-width': 'data(imageSize)',
      'background-height': 'data(imageSize)',
      'background-clip': 'none',
      'background-image-containment': 'over',
      'bounds-expansion': [14],
      'z-index': 10,
    },
  },
  {
    selector: 'edge',
    style: {
      width: 'data(width)',
      'line-color': 'data(colour)',
      'line-style': 'data(line)',
      'line-dash-pattern': [7, 4],
      'target-arrow-shape': 'triangle',
      'target-arrow-color': 'data(colour)',
      'arrow-scale': 0.95,
      'z-index': 5,
    },
  },
  {
    selector: '.edge',
    style: {
      'curve-style': 'unbundled-bezier',
      'edge-distances': 'endpoints',
      'control-point-weights': 'data(weights)',
      'control-point-distances': 'data(distances)',
      'source-endpoint': 'data(from)',
      'target-endpoint': 'data(to)',
    },
  },
  {
    selector: '.loop',
    style: { 'curve-style': 'bezier', 'loop-direction': '0deg', 'loop-sweep': '-50deg', 'control-point-step-size': 46 },
  },
] as unknown as StylesheetJson
