"use strict";
/* Draws the charts from the data of the page, and makes the tables sort and filter.
   A chart is drawn when it comes near the view, and again when the colours change. */
(function () {
  const RUN = window.RUN || { start: 0, step: 1000, count: 0, users: [], marks: [], warm_up: null };
  const CHARTS = JSON.parse(document.getElementById("charts").textContent).charts;
  const root = document.documentElement;
  const narrow = () => window.innerWidth < 700;

  function color(name) {
    return getComputedStyle(root).getPropertyValue("--" + name).trim() || name;
  }

  const moment = (ms) => new Date(ms).toISOString().replace("Z", "");
  // Plotly shows moments as if they were UTC, which is what we want to say.
  const times = Array.from({ length: RUN.count }, (_, i) => moment(RUN.start + i * RUN.step));

  function lineTrace(series, chart) {
    const trace = {
      type: "scatter", mode: "lines", name: series.name, x: times, y: series.v,
      line: { color: color(series.color), width: 1.6, dash: series.dash ? "dot" : "solid" },
      connectgaps: Boolean(chart.gaps), visible: series.off ? "legendonly" : true,
      hovertemplate: "%{y:,.6~f}",
    };
    // A bucket between two empty ones would be no line at all: such lines get points.
    if (series.v.some((v, i) => v !== null && (i === 0 || series.v[i - 1] === null) && (i + 1 === series.v.length || series.v[i + 1] === null))) {
      trace.mode = "lines+markers";
      trace.marker = { size: 4, color: color(series.color) };
    }
    return trace;
  }

  function timeTraces(chart) {
    const traces = chart.series.map((series) => lineTrace(series, chart));
    if (chart.series.length === 1 && !chart.users) {
      traces[0].fill = "tozeroy";
      traces[0].fillcolor = fade(color(chart.series[0].color), 0.12);
    }
    if (chart.users) {
      traces.unshift({
        type: "scatter", mode: "lines", name: "Active users", x: times, y: RUN.users, yaxis: "y2", fill: "tozeroy",
        line: { color: color("users"), width: 1 }, fillcolor: fade(color("users"), 0.1), hovertemplate: "%{y:,.6~f}",
      });
    }
    return traces;
  }

  function fade(hex, alpha) {
    const n = parseInt(hex.slice(1), 16);
    return "rgba(" + (n >> 16) + "," + ((n >> 8) & 255) + "," + (n & 255) + "," + alpha + ")";
  }

  const plain = (value) => Number(value.toFixed(3)).toLocaleString("en").replace(/,/g, "\u202f");

  function binTraces(chart) {
    const count = chart.series[0].v.length;
    const edges = Array.from({ length: count + 1 }, (_, i) => chart.low + i * chart.width);
    const label = edges.slice(0, count).map((from, i) => {
      const last = i + 1 === count && chart.beyond;
      return plain(from) + " to " + (last ? chart.beyond : plain(edges[i + 1])) + " ms";
    });
    const middle = edges.slice(0, count).map((from) => from + chart.width / 2);
    return chart.series.map((series) => ({
      type: "bar", name: series.name, x: middle, y: series.v.map((n) => (n * 100) / chart.total), width: chart.width,
      marker: { color: color(series.color), line: { width: 0 } },
      customdata: series.v.map((n, i) => [label[i], n]),
      hovertemplate: "%{customdata[0]}: %{customdata[1]:,} (%{y:.2f} %)",
    }));
  }

  function countTraces(chart) {
    // The full name is the key, so that two names that are cut alike stay two bars.
    return chart.series.map((series) => ({
      type: "bar", orientation: "h", name: series.name, y: chart.names.map((_, i) => i), x: series.v,
      marker: { color: color(series.color) }, customdata: chart.names.map(escapeText), hovertemplate: "%{customdata}: %{x:,}",
    }));
  }

  function scatterTraces(chart) {
    return chart.series.map((series) => ({
      type: "scatter", mode: "markers", name: series.name, x: series.x, y: series.v,
      marker: { color: color(series.color), size: 6, opacity: 0.65 },
      hovertemplate: "%{x:,.6~f} / s: %{y:,.6~f} ms",
    }));
  }

  /* Plotly reads a little HTML in texts; a name that looks like HTML must stay a name. */
  function escapeText(text) {
    return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  }
  function cut(text, length) {
    return escapeText(text.length > length ? text.slice(0, length - 1) + "…" : text);
  }

  function axis(title) {
    return {
      title: { text: title, standoff: 8, font: { size: 12 } }, gridcolor: color("line"), zerolinecolor: color("line"),
      linecolor: color("line"), rangemode: "tozero", automargin: true, tickfont: { size: 12 },
    };
  }

  function marks(small) {
    const shapes = [], annotations = [];
    if (RUN.warm_up) {
      const [from, to] = RUN.warm_up;
      // Its end may lie behind that of the run.
      const edge = Math.min(to, Math.max(from, RUN.start + (RUN.count - 1) * RUN.step));
      shapes.push({ type: "rect", x0: moment(Math.min(from, RUN.start)), x1: moment(edge), yref: "paper", y0: 0, y1: 1, layer: "below", line: { width: 0 }, fillcolor: fade(color("warm"), 0.2) });
      if (!small) {
        annotations.push({
          x: moment(RUN.start), yref: "paper", y: 1, xanchor: "left", yanchor: "top", showarrow: false, text: "warm-up", hovertext: "left out of all numbers", font: { size: 11, color: color("soft") },
        });
      }
    }
    // Names that stand closer than they are wide cannot be read: the table below has them all.
    const apart = (RUN.count * RUN.step) / (narrow() ? 18 : 55);
    let named = -Infinity;
    RUN.marks.forEach(([at, source, text]) => {
      const x = moment(at);
      shapes.push({ type: "line", x0: x, x1: x, yref: "paper", y0: 0, y1: 1, line: { color: color("mark"), width: 1, dash: "dash" } });
      if (!small && at - named >= apart) {
        named = at;
        annotations.push({
          x, yref: "paper", y: 1, xanchor: "left", yanchor: "top", textangle: 90, showarrow: false, text: cut(text || source, 28),
          hovertext: escapeText(source + ": " + text), font: { size: 11, color: color("mark") }, xshift: 2,
        });
      }
    });
    return { shapes, annotations };
  }

  const BUILDERS = { time: timeTraces, bins: binTraces, counts: countTraces, scatter: scatterTraces };

  function layoutOf(chart, small) {
    const layout = {
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", margin: { l: 56, r: chart.users ? 56 : 16, t: 40, b: 16 },
      font: { family: "system-ui, -apple-system, Segoe UI, Roboto, sans-serif", color: color("text"), size: 13 },
      hoverlabel: { bgcolor: color("card"), bordercolor: color("line"), font: { color: color("text") } },
      legend: { orientation: "h", y: 1.02, x: 0, yanchor: "bottom", traceorder: "normal" }, showlegend: Boolean(chart.legend) || (!small && (chart.series.length > 1 || Boolean(chart.users))),
      modebar: { bgcolor: "rgba(0,0,0,0)", color: color("soft"), activecolor: color("accent") }, hovermode: "x unified",
      xaxis: { ...axis(chart.x || ""), rangemode: "normal" }, yaxis: axis(chart.y || ""), bargap: 0.02, dragmode: narrow() ? false : "zoom",
    };
    if (chart.type === "time") {
      Object.assign(layout.xaxis, { type: "date", hoverformat: "%H:%M:%S.%L", tickangle: 0, nticks: narrow() || small ? 4 : 10 }, RUN.count > 1 ? { range: [times[0], times[RUN.count - 1]] } : {});
      Object.assign(layout, marks(small));
      if (chart.users) {
        layout.yaxis2 = { ...axis("Active users"), overlaying: "y", side: "right", showgrid: false, tickmode: "auto" };
      }
    } else if (chart.type === "bins") {
      Object.assign(layout, { barmode: "stack", hovermode: "x unified" });
      layout.yaxis.title.text = "Share of all (%)";
      layout.xaxis.hoverformat = ",.6~f";
      layout.xaxis.unifiedhovertitle = { text: "" };
    } else if (chart.type === "counts") {
      Object.assign(layout, { barmode: "stack", hovermode: "closest", bargap: 0.25 });
      layout.yaxis = {
        ...axis(""), rangemode: "normal", autorange: "reversed", tickvals: chart.names.map((_, i) => i),
        ticktext: chart.names.map((name) => cut(name, narrow() ? 18 : 40)),
      };
    } else {
      layout.hovermode = "closest";
      layout.xaxis.rangemode = "tozero";
    }
    if (small) layout.margin = { l: 44, r: 10, t: chart.legend ? 30 : 8, b: 30 };
    return layout;
  }

  const drawn = new Set();
  function draw(chart) {
    const place = document.getElementById("chart-" + chart.id);
    if (!place) return Promise.resolve();
    const small = place.classList.contains("small");
    if (chart.type === "counts") place.style.height = Math.max(180, 96 + chart.names.length * 26) + "px";
    drawn.add(chart);
    place.dataset.drawn = "1";
    return window.Plotly.react(place, BUILDERS[chart.type](chart), layoutOf(chart, small), {
      responsive: true, displaylogo: false, scrollZoom: false, displayModeBar: narrow() || small ? false : "hover",
      modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"],
      toImageButtonOptions: { filename: chart.id, scale: 2 },
    });
  }

  function drawAll() {
    return Promise.all(CHARTS.filter((chart) => !drawn.has(chart)).map(draw));
  }
  window.gatlingpyDrawAll = drawAll;

  function watch() {
    if (!("IntersectionObserver" in window)) { drawAll(); return; }
    const byPlace = new Map(CHARTS.map((chart) => ["chart-" + chart.id, chart]));
    const observer = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        observer.unobserve(entry.target);
        draw(byPlace.get(entry.target.id));
      }
    }, { rootMargin: "500px" });
    document.querySelectorAll(".chart").forEach((place) => observer.observe(place));
  }

  /* Light and dark */
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const dark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  const redraw = () => drawn.forEach(draw);
  document.querySelector(".theme-button").addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    try { localStorage.setItem("gatlingpy-theme", root.dataset.theme); } catch (e) { /* a file may have no storage */ }
    redraw();
  });
  system.addEventListener("change", redraw);

  /* The menu of a narrow screen */
  const menu = document.getElementById("menu"), menuButton = document.querySelector(".menu-button");
  function toggleMenu(open) {
    menu.classList.toggle("open", open);
    menuButton.setAttribute("aria-expanded", String(open));
  }
  menuButton.addEventListener("click", () => toggleMenu(!menu.classList.contains("open")));
  menu.addEventListener("click", (event) => { if (event.target.closest("a")) toggleMenu(false); });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") toggleMenu(false); });
  const menuFilter = document.querySelector(".menu-filter");
  if (menuFilter) {
    menuFilter.addEventListener("input", () => {
      const wanted = menuFilter.value.toLowerCase();
      menu.querySelectorAll(".details li").forEach((item) => { item.hidden = !item.textContent.toLowerCase().includes(wanted); });
    });
  }
  const current = menu.querySelector("a[aria-current]");
  if (current) menu.scrollTop = Math.max(0, current.offsetTop - menu.clientHeight / 2);

  /* Tables: a click on a head sorts, a third one brings the tree's order back; "all" stays on top. */
  document.querySelectorAll("table.sortable").forEach((table) => {
    const body = table.tBodies[0], original = [...body.rows];
    const heads = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
    heads.forEach((head, column) => head.querySelector("button").addEventListener("click", () => {
      const before = head.getAttribute("aria-sort"), first = column ? "descending" : "ascending", second = column ? "ascending" : "descending";
      const next = before === "none" ? first : before === first ? second : "none";
      heads.forEach((other) => other.setAttribute("aria-sort", "none"));
      head.setAttribute("aria-sort", next);
      const key = (row) => (column ? Number(row.cells[column].dataset.v) : row.cells[0].textContent.toLowerCase());
      const rows = [...original];
      if (next !== "none") {
        const sign = next === "ascending" ? 1 : -1;
        rows.sort((a, b) => {
          if (a.classList.contains("all") !== b.classList.contains("all")) return a.classList.contains("all") ? -1 : 1;
          const x = key(a), y = key(b);
          return (x < y ? -1 : x > y ? 1 : 0) * sign;
        });
      }
      body.append(...rows);
    }));
  });
  document.querySelectorAll("input.filter").forEach((input) => {
    const rows = [...document.getElementById(input.dataset.for).tBodies[0].rows].filter((row) => row.dataset.name !== undefined);
    const found = input.parentElement.querySelector(".found");
    input.addEventListener("input", () => {
      const wanted = input.value.toLowerCase();
      let count = 0;
      rows.forEach((row) => { row.hidden = !row.dataset.name.includes(wanted); count += row.hidden ? 0 : 1; });
      found.textContent = wanted ? count + " of " + rows.length : "";
    });
  });

  window.addEventListener("beforeprint", () => { drawAll(); });
  watch();
})();
