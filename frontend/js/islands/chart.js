// A chart from a small description: {kind: line|bar|stack|rank, categories, series: [{name, values}], unit, axis}.
// The same numbers stand in a table below, which is what a reader without script has.
import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { calm, colour, onTheme } from "./colours.js";

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, AriaComponent, CanvasRenderer]);
const HUES = ["--color-primary", "--color-accent", "--color-success", "--color-warning", "--color-info", "--color-secondary"];

export function start(figure, config) {
  const box = figure.querySelector(".island");
  box.hidden = false;
  const table = figure.querySelector("details");
  if (table) table.open = false;
  let chart;
  const draw = () => {
    chart?.dispose();
    chart = init(box, null, { renderer: "canvas" });
    chart.setOption(options(box, config));
  };
  draw();
  onTheme(draw);
  new ResizeObserver(() => chart.resize()).observe(box);
}

function options(box, { kind = "line", categories, series, unit = "" }) {
  const ink = colour(box, "--color-base-content"), muted = colour(box, "--color-muted"), line = colour(box, "--color-base-300");
  const font = getComputedStyle(box).fontFamily, fontSize = 0.8125 * parseFloat(getComputedStyle(document.documentElement).fontSize);
  const text = { color: muted, fontFamily: font, fontSize };
  return {
    animation: !calm, animationDuration: 250, aria: { enabled: true }, textStyle: { fontFamily: font },
    color: HUES.map((name) => colour(box, name)),
    grid: { left: 8, right: 12, top: series.length > 1 ? 40 : 24, bottom: 4, containLabel: true },
    legend: series.length > 1 ? { top: 0, left: 0, icon: "roundRect", itemWidth: 10, itemHeight: 10, textStyle: { ...text, color: ink } } : undefined,
    // Rich text instead of HTML: the page's security policy allows no inline styles in inserted markup.
    tooltip: { trigger: "axis", renderMode: "richText", confine: true, backgroundColor: colour(box, "--color-base-100"), borderColor: line, textStyle: { color: ink, fontFamily: font, fontSize },
      valueFormatter: (value) => (value === null || value === undefined ? "—" : `${Number(value).toLocaleString()}${unit ? ` ${unit}` : ""}`) },
    ...axes(kind, categories, unit, { text, line, ink }),
    series: series.map(({ name, values }) => kind === "line"
      ? { name, data: values, type: "line", symbol: "circle", showSymbol: values.length < 40, symbolSize: 6, lineStyle: { width: 2.25 }, areaStyle: series.length === 1 ? { opacity: 0.09 } : undefined }
      : { name, data: values, type: "bar", barMaxWidth: 28, stack: kind === "stack" ? "all" : undefined, itemStyle: { borderRadius: kind === "stack" ? 0 : kind === "rank" ? [0, 4, 4, 0] : [4, 4, 0, 0] } }),
  };
}

// A ranking lies on its side, so that long names can be read, with the first at the top.
function axes(kind, categories, unit, { text, line, ink }) {
  const names = { type: "category", data: categories, axisTick: { show: false }, axisLine: { lineStyle: { color: line } } };
  const values = { type: "value", name: kind === "rank" ? "" : unit, nameTextStyle: { ...text, align: "left" }, splitLine: { lineStyle: { color: line } }, axisLabel: text };
  if (kind === "rank") return { xAxis: { ...values, splitNumber: 4 }, yAxis: { ...names, inverse: true, axisLabel: { ...text, color: ink, width: 168, overflow: "truncate" } } };
  return { xAxis: { ...names, boundaryGap: kind !== "line", axisLabel: { ...text, hideOverlap: true } }, yAxis: values };
}
