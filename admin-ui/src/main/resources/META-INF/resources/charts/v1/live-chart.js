// <live-chart>: a time chart whose rows the server pushes. The canvas lives in a shadow root,
// because the framework owns the light DOM children and would remove it.
import * as echarts from './echarts.esm.min.js';

const GROUP = 'nearside';
const probeHost = () => document.documentElement;

// CSS colours such as light-dark() or color-mix() mean nothing to a canvas: let the browser compute them.
const pixel = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
pixel.canvas.width = pixel.canvas.height = 1;
function resolved(element, value) {
  const probe = document.createElement('span');
  probe.style.color = value;
  element.append(probe);
  const computed = getComputedStyle(probe).color;
  probe.remove();
  pixel.clearRect(0, 0, 1, 1);
  pixel.fillStyle = computed;
  pixel.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = pixel.getImageData(0, 0, 1, 1).data;
  return `rgba(${r},${g},${b},${(a / 255).toFixed(3)})`;
}

const two = n => String(n).padStart(2, '0');
const clock = (t, seconds = true) => {
  const d = new Date(t);
  return `${two(d.getHours())}:${two(d.getMinutes())}${seconds ? ':' + two(d.getSeconds()) : ''}`;
};

function bytes(v) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let i = 0;
  while (v >= 1000 && i < units.length - 1) { v /= 1000; i++; }
  return `${v >= 100 || i === 0 ? Math.round(v) : v.toFixed(1)} ${units[i]}`;
}

const SPELL = {
  percent: v => `${(v * 100).toFixed(v === 1 || v === 0 ? 0 : 1)} %`,
  bytes: v => `${bytes(v)}/s`,
  rate: v => `${v >= 10 || v === Math.round(v) ? Math.round(v) : v.toFixed(1)}/s`,
};

class LiveChart extends HTMLElement {
  constructor() {
    super();
    this.attachShadow({ mode: 'open' }).innerHTML =
      '<style>:host{display:block;position:relative;min-height:200px}.plot{position:absolute;inset:0}</style><div class="plot"></div><span class="probe"></span>';
    this.plot = this.shadowRoot.querySelector('.plot');
    this.probe = this.shadowRoot.querySelector('.probe');
    this.rows = [];
    this.marks = [];
    this.spec = null;
  }

  connectedCallback() {
    this.chart ??= echarts.init(this.plot);
    this.chart.group = GROUP;
    echarts.connect(GROUP);
    this.sized = new ResizeObserver(() => this.chart?.resize());
    this.sized.observe(this.plot);
    this.recolour = () => this.draw(true);
    this.system = matchMedia('(prefers-color-scheme: dark)');
    this.system.addEventListener('change', this.recolour);
    this.themed = new MutationObserver(this.recolour);
    this.themed.observe(probeHost(), { attributes: true, attributeFilter: ['style', 'theme', 'class'] });
    this.draw(true);
  }

  disconnectedCallback() {
    this.sized?.disconnect();
    this.themed?.disconnect();
    this.system?.removeEventListener('change', this.recolour);
    this.chart?.dispose();
    this.chart = null;
  }

  setSpec(spec) {
    this.spec = spec;
    this.draw(true);
  }

  setData(rows, marks) {
    this.rows = rows;
    this.marks = marks;
    this.draw(false);
  }

  // The newest rows come again while late reports still change them: later word replaces earlier word.
  append(rows, marks) {
    if (rows.length) this.rows = this.rows.filter(row => row[0] < rows[0][0]).concat(rows);
    this.marks = marks;
    this.draw(false);
  }

  draw(whole) {
    if (!this.chart || !this.spec) return;
    const spec = this.spec;
    const newest = this.rows.length ? this.rows[this.rows.length - 1][0] : Date.now();
    const oldest = newest - spec.windowMillis;
    while (this.rows.length && this.rows[0][0] < oldest - 2000) this.rows.shift();
    // What a test or a screen reader can see of a canvas.
    this.setAttribute('data-points', this.rows.length);
    this.setAttribute('data-newest', newest);

    const colour = v => resolved(this.probe, v);
    const text = colour('var(--vaadin-text-color-secondary)');
    const line = colour('var(--ns-chart-grid)');
    const spell = SPELL[spec.unit];
    const style = getComputedStyle(this);
    const seen = this.marks.filter(m => m.at >= oldest);
    const option = {
      animation: false,
      textStyle: { fontFamily: style.fontFamily, color: text },
      grid: { left: 8, right: 14, top: seen.length ? 26 : 14, bottom: 4, containLabel: true },
      xAxis: {
        type: 'time', min: oldest, max: newest, boundaryGap: false,
        axisLine: { lineStyle: { color: line } }, axisTick: { show: false },
        axisLabel: { color: text, hideOverlap: true, formatter: v => clock(v, spec.windowMillis <= 300000), fontSize: 11 },
        splitLine: { show: false }, splitNumber: Math.max(2, Math.floor(this.clientWidth / 130)),
      },
      yAxis: {
        type: 'value', min: 0, max: spec.unit === 'percent' ? 1 : null, interval: spec.unit === 'percent' ? 0.25 : null, splitNumber: 4,
        axisLabel: { color: text, formatter: v => spec.unit === 'percent' ? `${Math.round(v * 100)} %` : spell(v), fontSize: 11 },
        splitLine: { lineStyle: { color: line } }, axisLine: { show: false },
      },
      tooltip: {
        trigger: 'axis', confine: true, transitionDuration: 0,
        backgroundColor: colour('var(--ns-chart-tip)'), borderColor: line, padding: [8, 12],
        textStyle: { color: colour('var(--vaadin-text-color)'), fontSize: 12 },
        axisPointer: { type: 'line', lineStyle: { color: text, type: 'dashed' } },
        formatter: items => `<b>${clock(items[0].axisValue)}</b>` + (spec.stacked ? [...items].reverse() : items)
          .filter(i => i.value[i.encode.y[0]] != null)
          .map(i => `<br>${i.marker}${i.seriesName}&nbsp;&nbsp;<b>${spell(i.value[i.encode.y[0]])}</b>`).join(''),
      },
      series: spec.series.map((s, i) => {
        const c = colour(s.colour);
        return {
          type: 'line', name: s.name, showSymbol: false, sampling: 'lttb',
          stack: spec.stacked ? 'all' : undefined,
          encode: { x: 0, y: i + 1 }, data: this.rows,
          lineStyle: { width: spec.stacked ? 0 : 2, color: c, type: s.dashed ? 'dashed' : 'solid' },
          itemStyle: { color: c },
          areaStyle: spec.stacked ? { color: c, opacity: 0.88 } : s.filled ? { color: c, opacity: 0.14 } : undefined,
          emphasis: { disabled: true },
          markLine: i === 0 && seen.length ? {
            silent: true, symbol: 'none', animation: false,
            lineStyle: { color: text, type: [3, 3], width: 1 },
            label: { color: text, fontSize: 11, formatter: p => p.name, position: 'end' },
            data: seen.map(m => ({ xAxis: m.at, name: m.label, label: { align: m.at > newest - spec.windowMillis / 6 ? 'right' : 'center' } })),
          } : { data: [] },
        };
      }),
    };
    this.chart.setOption(option, { notMerge: whole, lazyUpdate: false });
  }
}

customElements.get('live-chart') ?? customElements.define('live-chart', LiveChart);
