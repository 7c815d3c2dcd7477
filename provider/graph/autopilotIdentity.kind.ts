import { textOf } from "../http/json.ts";
import type { Fault, Kind, Live, Remote, Target, Values, Verb } from "../lifecycle/kind.ts";
import { rememberedIdentity } from "../lifecycle/record.ts";
import { fault } from "../lifecycle/rules.ts";
import { isUnknown } from "../lifecycle/unknown.ts";
import { AUTOPILOT_FIELDS } from "./autopilotIdentity.fields.ts";
import { type AutopilotInputs, MANAGED, type ManagedField } from "./autopilotIdentity.inputs.ts";
import { standingFacts } from "./autopilotIdentity.wire.ts";

/** What the kind must be told about the stack that it works for. */
export interface AutopilotKindOptions {
	/** The strategy's name, for messages. */
	readonly strategy: string;
	/** The managed fields that the strategy has a word for. */
	readonly fields: readonly ManagedField[];
	/** Opens a conversation with the service for one operation. */
	connect(verb: Verb): Remote<AutopilotInputs>;
}

/** Machines of Windows Autopilot, as the lifecycle knows them. */
export function autopilotKind({ strategy, fields, connect }: AutopilotKindOptions): Kind<AutopilotInputs> {
	return {
		title: "AutopilotIdentity",
		fields: AUTOPILOT_FIELDS,
		defaults: {},
		complete: withoutEmptyHash,
		tidy: (desired) => desired,
		rules: [isNamed, hasHashOrAdopts, (inputs) => hasWords(inputs, { strategy, fields })],
		id: () => "",
		label,
		words: {
			instead: "otherwise delete its registration first, or remove this resource from the program",
			reborn: "its registration id is new",
			changed: () => "was changed",
			noticed: () => undefined,
		},
		key: ({ id, values }) => id || String(values["serialNumber"]),
		bornAt: () => undefined,
		incarnation: () => undefined,
		risks: () => [],
		removal: "delete",
		refusesReplacement,
		stale: () => false,
		outputs,
		recall,
		connect,
	};
}

/** An empty hash is none: a blank cell in a list of machines says as much. */
function withoutEmptyHash(inputs: Values): Values {
	const { hardwareIdentifier, ...rest } = inputs;
	return hardwareIdentifier === "" ? rest : inputs;
}

/** `5CG1234ABC (6a1f…)`: serial numbers need not be unique. */
function label({ id, values }: Target): string {
	const serial = textOf(values["serialNumber"]) ?? "";
	if (serial === "") return id;
	return id === "" ? serial : `${serial} (${id})`;
}

function isNamed({ serialNumber }: Values): readonly Fault[] {
	return serialNumber === undefined
		? fault("serialNumber", "is missing; declare the machine's serial number")
		: [];
}

function hasHashOrAdopts({ hardwareIdentifier, adopt }: Values): readonly Fault[] {
	if (hardwareIdentifier !== undefined || adopt === true || isUnknown(adopt)) return [];
	return fault(
		"hardwareIdentifier",
		"is missing; a machine is registered by its hardware hash. For one that is registered already, set `adopt: true`",
	);
}

function hasWords(
	inputs: Values,
	{ strategy, fields }: Omit<AutopilotKindOptions, "connect">,
): readonly Fault[] {
	return MANAGED.filter((field) => !fields.includes(field))
		.filter((field) => inputs[field] !== undefined && inputs[field] !== "")
		.flatMap((field) =>
			fault(
				field,
				`has no word in autopilot:strategy ${strategy}; leave it out, or set the strategy to live`,
			),
		);
}

/** A hash is never given back, so of a machine that was adopted without one nobody can register it again. */
function refusesReplacement(outputs: Values): string | undefined {
	if (rememberedIdentity(outputs).has("hardwareIdentifier")) return undefined;
	return (
		"it was adopted without its hardware hash, so it could not be registered again once its registration is deleted. Declare its " +
		"`hardwareIdentifier` first, or take its record out of state by `pulumi state delete`, which leaves the registration."
	);
}

function outputs(live: Live<AutopilotInputs>, _inputs: Values, last: Values): Values {
	const { serialNumber, productKey = "", groupTag = "", ...rest } = live.values;
	return {
		serialNumber,
		productKey,
		groupTag,
		...rest,
		...standingFacts(live.facts),
		etag: live.etag,
		state: live.facts["state"] ?? last["state"],
	};
}

/** A machine as state has it. */
function recall(outputs: Values): Live<AutopilotInputs> {
	const names = ["serialNumber", "productKey", ...MANAGED];
	const values = Object.fromEntries(names.map((name) => [name, outputs[name]]).filter(([, value]) => value));
	const facts = { ...standingFacts(outputs), state: outputs["state"] };
	return { etag: String(outputs["etag"]), incarnation: "", values, facts };
}
