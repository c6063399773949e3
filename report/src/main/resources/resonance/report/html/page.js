(() => {
  "use strict";

  const NARROW = 480;
  const FEW = 12;
  // Between ticks of an axis on which everything measured is a whole number: there is no epoch 1.5.
  const WHOLE_STEPS = [0, 1, 2, 3, 4, 5, 6].flatMap((power) => [1, 2, 5].map((step) => step * 10 ** power));
  const charts = [];

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  const element = (tag, className, text) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  };

  const written = (value, unit) => {
    if (value === null || value === undefined) return "–";
    if (unit === "PERCENT") return (100 * value).toFixed(1) + " %";
    if (unit === "DEGREES") return value.toFixed(2) + "°";
    return String(Number.isInteger(value) ? value : +value.toPrecision(4));
  };

  const tick = (value, unit) => {
    if (unit === "PERCENT") return +(100 * value).toPrecision(6) + " %";
    if (unit === "DEGREES") return +value.toPrecision(6) + "°";
    return String(+value.toPrecision(6));
  };

  /* Drawn and left out, in pixels. */
  const DASHES = { DASHED: [7, 5], DOTTED: [2, 4], DASH_DOTTED: [7, 4, 2, 4] };

  const swatch = (style) => {
    const sample = element("span", "swatch c" + style.colour + " " + style.stroke.toLowerCase().replace("_", "-"));
    sample.setAttribute("aria-hidden", "true");
    return sample;
  };

  /* Each line is one uPlot series; a band adds its two edges, drawn without a stroke. */
  const layout = (chart) => {
    const tables = [];
    const series = [{}];
    const bands = [];
    const lines = [];
    chart.series.forEach((line) => {
      const ink = colour("--c" + line.style.colour);
      const points = line.style.stroke.endsWith("POINTS");
      const filled = line.style.stroke === "FILLED_POINTS";
      const columns = [line.x, line.y];
      const entry = { line, index: series.length, parts: [series.length] };
      series.push({
        label: line.name,
        stroke: points ? undefined : ink,
        width: 2.25,
        dash: DASHES[line.style.stroke],
        paths: points ? () => null : undefined,
        points: points
          ? { show: true, size: 7, width: 1.75, stroke: ink, fill: filled ? ink : colour("--surface") }
          : { show: line.x.length <= FEW, size: 6, stroke: ink, fill: ink },
      });
      if (line.low.length) {
        columns.push(line.high, line.low);
        const edge = { stroke: undefined, width: 0, points: { show: false } };
        bands.push({ series: [series.length, series.length + 1], fill: ink + "1f" });
        entry.parts.push(series.length, series.length + 1);
        series.push({ ...edge }, { ...edge });
      }
      tables.push(columns);
      lines.push(entry);
    });
    const data = uPlot.join(tables);
    return { data, series, bands, lines };
  };

  const range = (axis, padding) => (plot, low, high) => {
    if (low === null || high === null) return [axis.spacing === "LINEAR" ? 0 : 0.1, 1];
    if (axis.spacing === "LOGARITHMIC") {
      const share = low === high ? 2 : (high / low) ** padding;
      return [axis.min === null ? low / share : axis.min, axis.max === null ? high * share : axis.max];
    }
    const space = padding * (high - low || 1);
    return [axis.min === null ? low - space : axis.min, axis.max === null ? high + space : axis.max];
  };

  /* Places for the numbers of a logarithmic axis: the measured ones where they have room, else round ones. */
  const splits = (spec, measured, room) => (plot, index, low, high) => {
    const pixels = index === 0 ? plot.width - 70 : plot.height - 60;
    const thinned = (values) => {
      const kept = [];
      values.forEach((value) => {
        const gap = kept.length ? (pixels * Math.log(value / kept[kept.length - 1])) / Math.log(high / low) : room;
        if (gap >= room) kept.push(value);
      });
      return kept;
    };
    const within = (value) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9);
    if (measured) return thinned(measured.filter(within));
    const mantissas = [[1], [1, 3], [1, 2, 5], [1, 1.5, 2, 3, 5, 7], [1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9]];
    for (const steps of mantissas) {
      const values = [];
      for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
        steps.forEach((step) => values.push(+(step * 10 ** power).toPrecision(3)));
      }
      const found = thinned(values.filter(within));
      if (found.length >= 4) return found;
    }
    return [0, 1, 2, 3, 4].map((step) => +(low * (high / low) ** (step / 4)).toPrecision(4));
  };

  const ground = (chart) => (plot) => {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    if (chart.boundary) {
      const at = plot.valToPos(chart.boundary.at, "x", true);
      ctx.fillStyle = colour("--shade");
      ctx.fillRect(Math.max(at, bbox.left), bbox.top, bbox.left + bbox.width - Math.max(at, bbox.left), bbox.height);
    }
    if (chart.levels) {
      ctx.strokeStyle = colour("--level");
      ctx.lineWidth = devicePixelRatio;
      chart.levels.values.forEach((value) => {
        const y = plot.valToPos(value, "y", true);
        ctx.beginPath();
        ctx.moveTo(bbox.left, y);
        ctx.lineTo(bbox.left + bbox.width, y);
        ctx.stroke();
      });
    }
    ctx.restore();
  };

  const boundary = (chart) => (plot) => {
    if (!chart.boundary) return;
    const { ctx, bbox } = plot;
    const at = plot.valToPos(chart.boundary.at, "x", true);
    if (at < bbox.left || at > bbox.left + bbox.width) return;
    ctx.save();
    ctx.strokeStyle = colour("--text");
    ctx.lineWidth = 1.5 * devicePixelRatio;
    ctx.setLineDash([]);
    ctx.beginPath();
    ctx.moveTo(at, bbox.top - 18 * devicePixelRatio);
    ctx.lineTo(at, bbox.top + bbox.height);
    ctx.stroke();
    ctx.font = "600 " + 12 * devicePixelRatio + "px system-ui, sans-serif";
    ctx.fillStyle = colour("--text");
    ctx.textBaseline = "alphabetic";
    const room = bbox.left + bbox.width - at > ctx.measureText(chart.boundary.label).width + 8 * devicePixelRatio;
    ctx.textAlign = room ? "left" : "right";
    ctx.fillText(chart.boundary.label, at + (room ? 6 : -6) * devicePixelRatio, bbox.top - 9 * devicePixelRatio);
    ctx.restore();
  };

  const follow = (view, tip) => (plot) => {
    const { idx, left, top } = plot.cursor;
    const rows = idx === null || idx === undefined || left < 0 ? [] : view.lines.filter(
      (entry) => plot.series[entry.index].show && Number.isFinite(plot.data[entry.index][idx]));
    tip.hidden = rows.length === 0;
    if (tip.hidden) return;
    rows.sort((a, b) => plot.data[b.index][idx] - plot.data[a.index][idx]);
    tip.replaceChildren(element("b", "", view.chart.x.label + " " + written(plot.data[0][idx], view.chart.x.unit)));
    rows.forEach((entry) => {
      const row = element("div");
      const name = element("span");
      name.append(swatch(entry.line.style), entry.line.name);
      row.append(name, element("span", "", written(plot.data[entry.index][idx], view.chart.y.unit)));
      tip.append(row);
    });
    const box = plot.over.getBoundingClientRect();
    const host = view.host.getBoundingClientRect();
    const x = box.left - host.left + left;
    const beside = x + 16 + tip.offsetWidth < host.width ? x + 16 : x - 16 - tip.offsetWidth;
    tip.style.left = Math.max(0, Math.min(beside, host.width - tip.offsetWidth)) + "px";
    tip.style.top = Math.max(0, Math.min(box.top - host.top + top, host.height - tip.offsetHeight)) + "px";
  };

  const size = (view) => {
    const width = Math.floor(view.host.clientWidth);
    return { width, height: width < NARROW ? 260 : Math.min(380, Math.max(300, Math.round(width * 0.36))) };
  };

  const draw = (view) => {
    if (view.plot) view.plot.destroy();
    view.host.replaceChildren();
    const { chart } = view;
    const { data, series, bands, lines } = layout(chart);
    view.lines = lines;
    lines.forEach((entry) => entry.parts.forEach((part) => (series[part].show = !view.hidden.has(entry.line.name))));
    const tip = element("div", "tip");
    tip.hidden = true;
    const places = [...new Set(chart.series.flatMap((line) => line.x))].sort((a, b) => a - b);
    const scale = (spec, log) => (spec.spacing === "LOGARITHMIC" ? { distr: 3, log } : {});
    const logarithmic = (spec, measured, room) => (spec.spacing === "LOGARITHMIC"
      ? { splits: splits(spec, measured, room), filter: (plot, values) => values }
      : {});
    const whole = places.every(Number.isInteger) ? { incrs: WHOLE_STEPS } : {};
    const axis = (spec) => ({
      label: spec.label,
      labelSize: 22,
      labelFont: "13px system-ui, sans-serif",
      font: "12px system-ui, sans-serif",
      stroke: colour("--muted"),
      grid: { stroke: colour("--grid"), width: 1 },
      ticks: { stroke: colour("--rule"), width: 1, size: 5 },
      values: (plot, ticks) => ticks.map((value) => tick(value, spec.unit)),
    });
    view.plot = new uPlot(
      {
        ...size(view),
        padding: [chart.boundary ? 26 : 10, 22, 0, 0],
        legend: { show: false },
        scales: {
          x: { time: false, ...scale(chart.x, 2), range: (plot, low, high) => (low === high ? range(chart.x, 0.06)(plot, low, high) : [low, high]) },
          y: { ...scale(chart.y, 10), range: range(chart.y, 0.06) },
        },
        axes: [
          { ...axis(chart.x), ...whole, ...logarithmic(chart.x, places.length <= FEW ? places : null, 44), size: 32, space: 56 },
          { ...axis(chart.y), ...logarithmic(chart.y, null, 26), size: chart.y.unit === "PERCENT" ? 54 : 46, space: 36, grid: chart.levels ? { show: false } : axis(chart.y).grid },
        ],
        cursor: { y: false, drag: { x: true, y: false }, points: { size: 7 } },
        series,
        bands,
        hooks: { drawAxes: [ground(chart)], draw: [boundary(chart)], setCursor: [follow(view, tip)] },
      },
      data,
      view.host);
    view.host.append(tip);
  };

  const numbers = (details, chart) => {
    if (details.querySelector("table")) return;
    const columns = chart.series.map((line) => new Map(line.x.map((x, i) => [x, line.y[i]])));
    const places = [...new Set(chart.series.flatMap((line) => line.x))].sort((a, b) => a - b);
    const table = element("table");
    const head = table.createTHead().insertRow();
    [chart.x.label, ...chart.series.map((line) => line.name)].forEach((text) => {
      const cell = element("th", "", text);
      cell.scope = "col";
      head.append(cell);
    });
    const body = table.createTBody();
    places.forEach((x) => {
      const row = body.insertRow();
      row.insertCell().textContent = written(x, chart.x.unit);
      columns.forEach((column) => (row.insertCell().textContent = written(column.get(x), chart.y.unit)));
    });
    const scroll = element("div", "scroll");
    scroll.tabIndex = 0;
    scroll.append(element("p", "note", chart.y.label), table);
    details.append(scroll);
  };

  const legend = (section, views) => {
    const box = section.querySelector(".legend");
    const styles = new Map(views.flatMap((view) => view.chart.series.map((line) => [line.name, line.style])));
    styles.forEach((style, name) => {
      const button = element("button");
      button.type = "button";
      button.setAttribute("aria-pressed", "true");
      button.append(swatch(style), name);
      button.addEventListener("click", () => {
        const shown = button.getAttribute("aria-pressed") === "false";
        button.setAttribute("aria-pressed", String(shown));
        views.forEach((view) => {
          if (shown) view.hidden.delete(name);
          else view.hidden.add(name);
          view.lines.filter((entry) => entry.line.name === name).forEach((entry) =>
            entry.parts.forEach((part) => view.plot.setSeries(part, { show: shown })));
        });
      });
      box.append(button);
    });
    const levels = views.map((view) => view.chart.levels).find((found) => found);
    if (levels) {
      const key = element("span", "key");
      key.append(element("span", "swatch level"), levels.label);
      box.append(key);
    }
  };

  document.querySelectorAll("section.charts").forEach((section) => {
    const views = [...section.querySelectorAll("figure")].map((figure) => {
      const chart = JSON.parse(figure.querySelector("script").textContent);
      const view = { chart, host: figure.querySelector(".plot"), hidden: new Set(), lines: [], plot: null };
      const details = figure.querySelector("details");
      details.addEventListener("toggle", () => numbers(details, chart));
      return view;
    });
    charts.push(...views);
    views.forEach(draw);
    legend(section, views);
  });

  const resized = new ResizeObserver((entries) => entries.forEach((entry) => {
    const view = charts.find((candidate) => candidate.host === entry.target);
    const wanted = size(view);
    if (wanted.width > 0 && wanted.width !== view.plot.width) view.plot.setSize(wanted);
  }));
  charts.forEach((view) => resized.observe(view.host));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => charts.forEach(draw));

  const download = document.getElementById("download");
  download.addEventListener("click", () => {
    const link = element("a");
    link.href = URL.createObjectURL(
      new Blob([document.getElementById("data").textContent.trim() + "\n"], { type: "application/json" }));
    link.download = download.dataset.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  });
})();
