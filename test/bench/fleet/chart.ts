/** A group of bars, one for each series, in the order of the series. */
export interface Group {
	readonly label: string;
	/** Values above zero; undefined if a series has none. Figures after the first have their ratio to the first in brackets. */
	readonly values: readonly (number | undefined)[];
	/** The value of a mark that the first bar should not exceed. Default none. */
	readonly goal?: number | undefined;
}

/** The content of a chart. */
export interface Chart {
	readonly title: string;
	/** The description of the chart for screen readers. */
	readonly description: string;
	/** The title of the axis with the unit, such as `seconds`. */
	readonly axis: string;
	readonly series: readonly string[];
	/** The name of the mark. Default `goal`. */
	readonly mark?: string;
	readonly groups: readonly Group[];
}

const WIDTH = 860;
const LEFT = 210;
const RIGHT = 60;
const TOP = 74;
const BOTTOM = 40;
const BAR = 9;
const STEP = 11;
const GAP = 9;
/** The width of a bar's figure. */
const FIGURE = 34;

/** Colours that differ in lightness too, for light and for dark pages; up to three series. */
const STYLE = [
	"text{font:12px system-ui,sans-serif;fill:#24292f}",
	".t{font-size:15px;font-weight:600}.v{font-size:9.5px}",
	".g{stroke:#d0d7de}.m{stroke:#cf222e;stroke-width:2.5}",
	".s0{fill:#0550ae}.s1{fill:#54a3ff}.s2{fill:#afb8c1}",
	"@media (prefers-color-scheme:dark){text{fill:#e6edf3}.g{stroke:#3d444d}.m{stroke:#ff7b72}",
	".s0{fill:#a5d6ff}.s1{fill:#388bfd}.s2{fill:#6e7681}}",
].join("");

/** Returns the powers of ten from the one below all values to the one above them. */
export function listDecades(values: readonly number[]): number[] {
	const above = values.filter((value) => value > 0 && Number.isFinite(value));
	if (above.length === 0) return [1, 10];
	const least = Math.floor(Math.log10(Math.min(...above)));
	const most = Math.max(least + 1, Math.ceil(Math.log10(Math.max(...above))));
	return Array.from({ length: most - least + 1 }, (_, at) => Number(`1e${least + at}`));
}

/** Where on a logarithmic axis a value stands, from 0 at the first of its powers of ten to 1 at the last. */
export function computeShare(value: number, ticks: readonly number[]): number {
	const [first = 1, last = 10] = [ticks[0], ticks.at(-1)];
	const at = (Math.log10(value) - Math.log10(first)) / (Math.log10(last) - Math.log10(first));
	return Math.min(1, Math.max(0, at));
}

/** Draws horizontal bars on a logarithmic axis as SVG, readable on light and dark pages. */
export function drawChart(chart: Chart): string {
	const { groups, series, title, description } = chart;
	const all = groups.flatMap(({ values, goal }) => [...values, goal]);
	const ticks = listDecades(all.filter((value) => value !== undefined));
	const rise = series.length * STEP + GAP;
	const height = TOP + groups.length * rise + BOTTOM;
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title desc">`,
		`<title id="title">${escaped(title)}</title>`,
		`<desc id="desc">${escaped(description)}</desc>`,
		`<style>${STYLE}</style>`,
		`<text class="t" x="16" y="24">${escaped(title)}</text>`,
		...legend(chart),
		...axis(ticks, { height, name: chart.axis }),
		...groups.flatMap((group, at) => bars(group, { top: TOP + at * rise, ticks })),
		"</svg>",
		"",
	].join("\n");
}

function legend({ series, groups, mark = "goal" }: Chart): string[] {
	const entries = series.map((name, at) => ({
		name,
		key: `<rect class="s${at}" width="12" height="9" y="-9"/>`,
	}));
	const hasGoals = groups.some(({ goal }) => goal !== undefined);
	const goals = hasGoals ? [{ name: mark, key: '<line class="m" x1="6" x2="6" y1="-11" y2="1"/>' }] : [];
	return [...entries, ...goals].map(
		({ name, key }, at) =>
			`<g transform="translate(${16 + at * 205} 46)">${key}<text x="18">${escaped(name)}</text></g>`,
	);
}

function axis(ticks: readonly number[], { height, name }: { height: number; name: string }): string[] {
	const foot = height - BOTTOM;
	const lines = ticks.map((tick) => {
		const x = xOf(tick, ticks);
		return `<line class="g" x1="${x}" x2="${x}" y1="${TOP - 8}" y2="${foot}"/><text x="${x}" y="${foot + 15}" text-anchor="middle">${tick}</text>`;
	});
	const middle = (LEFT + WIDTH - RIGHT) / 2;
	return [...lines, `<text x="${middle}" y="${foot + 32}" text-anchor="middle">${escaped(name)}</text>`];
}

function bars(
	{ label, values, goal }: Group,
	{ top, ticks }: { top: number; ticks: readonly number[] },
): string[] {
	const mark = goal === undefined ? undefined : xOf(goal, ticks);
	const drawnBars = values.flatMap((value, at) => {
		if (value === undefined) return [];
		const y = top + at * STEP;
		const end = xOf(value, ticks);
		const x = at === 0 ? besideMark(end, mark) : end;
		return [
			`<rect class="s${at}" x="${LEFT}" y="${y}" width="${rounded(end - LEFT)}" height="${BAR}"/>`,
			`<text class="v" x="${rounded(x + 4)}" y="${y + 8}">${figure(value)}${at === 0 ? "" : ratio(value, values[0])}</text>`,
		];
	});
	const middle = top + (values.length * STEP) / 2 + 3;
	const name = `<text x="${LEFT - 8}" y="${middle}" text-anchor="end">${escaped(label)}</text>`;
	if (mark === undefined) return [name, ...drawnBars];
	return [
		name,
		...drawnBars,
		`<line class="m" x1="${mark}" x2="${mark}" y1="${top - 2}" y2="${top + BAR + 2}"/>`,
	];
}

/** Returns where a figure after its bar begins: behind the mark if the mark would cross the figure. */
function besideMark(end: number, mark: number | undefined): number {
	return mark !== undefined && mark > end - 2 && mark < end + FIGURE ? mark : end;
}

function xOf(value: number, ticks: readonly number[]): number {
	return rounded(LEFT + computeShare(value, ticks) * (WIDTH - LEFT - RIGHT));
}

function rounded(value: number): number {
	return Math.round(value * 10) / 10;
}

/** Formats a value with three significant digits, without an exponent. */
function figure(value: number): string {
	return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** Formats the ratio of a value to another one in brackets; empty without the other. */
function ratio(value: number, other: number | undefined): string {
	if (other === undefined) return "";
	const times = value / other;
	return ` (${times.toFixed(times >= 10 ? 0 : times >= 1 ? 1 : 2)}×)`;
}

function escaped(text: string): string {
	return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
