import { parseArgs } from "node:util";
import { type HubSize, hubSizeIn } from "../iothub/forecast.ts";
import { said, UsageError } from "./command.ts";

/** What the command line of `plan` asks for. */
export interface PlanOptions {
	readonly file: string;
	/** The hub; undefined for a list of machines. */
	readonly hub: HubSize | undefined;
	/** In milliseconds. */
	readonly within: number;
	/** In milliseconds. */
	readonly latency: number;
	readonly parallel: number;
	readonly registryOnly: boolean;
	readonly format: "table" | "json";
}

const OPTIONS = {
	sku: { type: "string" },
	units: { type: "string" },
	within: { type: "string" },
	latency: { type: "string" },
	parallel: { type: "string" },
	"registry-only": { type: "boolean" },
	autopilot: { type: "boolean" },
	format: { type: "string" },
} as const;

/** Which options make sense with which kind of file only. */
const OF_FLEETS = ["sku", "units", "within", "registry-only"] as const;
const OF_MACHINES = ["parallel"] as const;

/** Reads the command line of `plan`. Throws a UsageError, or a ConfigurationError for settings that make no sense. */
export function readPlanOptions(
	args: readonly string[],
	env: Readonly<Record<string, string | undefined>>,
): PlanOptions {
	const { values, positionals } = parsed(args);
	const [file, ...others] = positionals;
	if (file === undefined || file === "" || others.length > 0) throw new UsageError("name one file");
	const isAutopilot = values.autopilot === true;
	for (const name of isAutopilot ? OF_FLEETS : OF_MACHINES) {
		if (values[name] === undefined) continue;
		throw new UsageError(`--${name} goes ${isAutopilot ? "without" : "with"} --autopilot`);
	}
	return {
		file,
		hub: isAutopilot ? undefined : hubOf(values, env),
		within: whole("within", values.within, 10) * 60_000,
		latency: whole("latency", values.latency, 100),
		parallel: whole("parallel", values.parallel, 100),
		registryOnly: values["registry-only"] === true,
		format: formatNamed(values.format),
	};
}

function parsed(args: readonly string[]) {
	try {
		return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
	} catch (error) {
		throw new UsageError(said(error));
	}
}

/** Options go before the environment, as the stack's configuration does. */
function hubOf(
	{ sku, units }: { sku?: string; units?: string },
	env: Readonly<Record<string, string | undefined>>,
): HubSize {
	const given: Readonly<Record<string, string | undefined>> = { "iothub:sku": sku, "iothub:units": units };
	if (sku === undefined && !env["IOTHUB_SKU"]) throw new UsageError("name the hub's edition (--sku S1)");
	return hubSizeIn({ config: (key) => given[key], env });
}

function whole(name: string, text: string | undefined, fallback: number): number {
	if (text === undefined) return fallback;
	if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
	throw new UsageError(`--${name} is "${text}"; it takes a whole number of at least 1`);
}

function formatNamed(text = "table"): PlanOptions["format"] {
	if (text === "table" || text === "json") return text;
	throw new UsageError(`--format is "${text}"; it takes table or json`);
}
