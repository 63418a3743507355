// What other scripts put on the page's window.

interface Window {
  uPlot: any;
  Plotly: any;
}
