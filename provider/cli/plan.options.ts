import { parseArgs } from "node:util";
import { type HubSize, readConfiguredHubSize } from "../iothub/forecast.ts";
import { getErrorMessage, UsageError } from "./command.ts";

/** What the command line of `plan` asks for. */
export interface PlanOptions {
	readonly file: string;
	/** The hub; undefined for a list of machines. */
	readonly hub: HubSize | undefined;
	/** In milliseconds. */
	readonly withinMs: number;
	/** In milliseconds. */
	readonly latencyMs: number;
	readonly parallel: number;
	readonly registryOnly: boolean;
	readonly format: "table" | "json";
}

const PLAN_OPTIONS = {
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
const DEVICE_FLEET_ONLY_OPTIONS = ["sku", "units", "within", "registry-only"] as const;
const MACHINE_LIST_ONLY_OPTIONS = ["parallel"] as const;

/** Reads the command line of `plan`. Throws a UsageError, or a ConfigurationError for settings that make no sense. */
export function readPlanOptions(
	args: readonly string[],
	env: Readonly<Record<string, string | undefined>>,
): PlanOptions {
	const { values, positionals } = parsePlanArgs(args);
	const [file, ...others] = positionals;
	if (file === undefined || file === "" || others.length > 0) throw new UsageError("name one file");
	const isAutopilot = values.autopilot === true;
	for (const name of isAutopilot ? DEVICE_FLEET_ONLY_OPTIONS : MACHINE_LIST_ONLY_OPTIONS) {
		if (values[name] === undefined) continue;
		throw new UsageError(`--${name} goes ${isAutopilot ? "without" : "with"} --autopilot`);
	}
	return {
		file,
		hub: isAutopilot ? undefined : parseHubOptions(values, env),
		withinMs: parseWholeNumber("within", values.within, 10) * 60_000,
		latencyMs: parseWholeNumber("latency", values.latency, 100),
		parallel: parseWholeNumber("parallel", values.parallel, 100),
		registryOnly: values["registry-only"] === true,
		format: parsePlanFormat(values.format),
	};
}

function parsePlanArgs(args: readonly string[]) {
	try {
		return parseArgs({ args: [...args], options: PLAN_OPTIONS, allowPositionals: true });
	} catch (error) {
		throw new UsageError(getErrorMessage(error));
	}
}

/** Options go before the environment, as the stack's configuration does. */
function parseHubOptions(
	{ sku, units }: { sku?: string; units?: string },
	env: Readonly<Record<string, string | undefined>>,
): HubSize {
	const givenSettings: Readonly<Record<string, string | undefined>> = { "iothub:sku": sku, "iothub:units": units };
	if (sku === undefined && !env["IOTHUB_SKU"]) throw new UsageError("name the hub's edition (--sku S1)");
	return readConfiguredHubSize({ config: (key) => givenSettings[key], env });
}

function parseWholeNumber(name: string, text: string | undefined, fallback: number): number {
	if (text === undefined) return fallback;
	if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
	throw new UsageError(`--${name} is "${text}"; it takes a whole number of at least 1`);
}

function parsePlanFormat(text = "table"): PlanOptions["format"] {
	if (text === "table" || text === "json") return text;
	throw new UsageError(`--format is "${text}"; it takes table or json`);
}
