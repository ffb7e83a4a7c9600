// The plots, from the few parts of ECharts that they need.

import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import type { EChartsCoreOption } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

import { t } from "../words/words";
import type { RowShown } from "../api/answers";

echarts.use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, AriaComponent, CanvasRenderer]);

export { echarts };

export interface Bar {
  name: string;
  row: RowShown | null;
}

/** Colours that people who see red and green alike can tell apart, too; the order says it as well. */
export const INKS = {
  dark: { text: "#c4cfdd", line: "#33445c", within: "#3fb6a8", later: "#e0b04a", lost: "#ef6a5e", other: "#73839a", wait: "#b9a5ff" },
  light: { text: "#526074", line: "#d9dfe7", within: "#1c8a7d", later: "#d39a1f", lost: "#c8432f", other: "#9aa6b5", wait: "#5b3fa0" },
};
export type Ink = keyof typeof INKS;

/** Stacked: what became of the calls; and the longest wait, or the shares, as a line. */
export function callBars(bars: Bar[], ink: Ink, px: number, lines: "wait" | "shares"): EChartsCoreOption {
  const colour = INKS[ink];
  const stack = (name: string, paint: string, of: (row: RowShown) => number) => ({
    name, type: "bar", stack: "calls", itemStyle: { color: paint }, data: bars.map((bar) => (bar.row ? of(bar.row) : 0)), barMaxWidth: px * 3,
  });
  const line = (name: string, paint: string, of: (row: RowShown) => number | null, dashed = false) => ({
    name, type: "line", yAxisIndex: 1, symbolSize: px / 2, connectNulls: false, lineStyle: { color: paint, width: 2.5, type: dashed ? "dashed" : "solid" },
    itemStyle: { color: paint }, data: bars.map((bar) => (bar.row ? of(bar.row) : null)),
  });
  const round = (share: number | null) => (share === null ? null : Math.floor(share * 1000) / 10);
  const words = { color: colour.text, fontSize: px };
  const axis = { axisLabel: words, axisLine: { lineStyle: { color: colour.line } }, splitLine: { lineStyle: { color: colour.line } } };
  return {
    animation: false,
    aria: { enabled: false },
    grid: { left: px, right: px, top: px * 3.4, bottom: px * 0.6, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    legend: { top: 0, right: 0, textStyle: words, itemWidth: px * 1.4, itemHeight: px * 0.9, itemGap: px * 1.2 },
    tooltip: { trigger: "axis", renderMode: "richText", confine: true, textStyle: { fontSize: px } },
    xAxis: { type: "category", data: bars.map((bar) => bar.name), ...axis, axisTick: { show: false } },
    yAxis: [
      { type: "value", minInterval: 1, ...axis, name: t("supervisor.plot.calls"), nameTextStyle: words },
      { type: "value", ...axis, splitLine: { show: false }, nameTextStyle: words, minInterval: 1,
        ...(lines === "shares" ? { max: 100, min: 0, name: "%" } : { name: "s" }) },
    ],
    series: [
      stack(t("supervisor.plot.within"), colour.within, (row) => row.answered_within_15_s),
      stack(t("supervisor.plot.later"), colour.later, (row) => row.answered - row.answered_within_15_s),
      stack(t("supervisor.plot.abandoned"), colour.lost, (row) => row.abandoned),
      stack(t("supervisor.plot.other"), colour.other, (row) => Math.max(0, row.offered - row.answered - row.abandoned)),
      ...(lines === "wait"
        ? [line(t("supervisor.plot.wait"), colour.wait, (row) => round((row.longest_wait_s ?? 0) / 100))]
        : [line(t("supervisor.plot.share"), colour.wait, (row) => round(row.connection_share)),
          line(t("supervisor.plot.share15"), colour.text, (row) => round(row.within_15_s_share), true)]),
    ],
  };
}
