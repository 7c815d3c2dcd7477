import { decodeIdentity } from "../resource/managedFields.ts";
import type { ConnectApi, LiveObject, ResourceType, Target } from "../resource/resourceType.ts";
import type { CheckFailure } from "../resource/schema.ts";
import { failCheck } from "../resource/validators.ts";
import { asString, isUnknown, type Values } from "../values.ts";
import { type AutopilotInputs, MANAGED_FIELDS, type ManagedField } from "./autopilotIdentity.inputs.ts";
import { AUTOPILOT_IDENTITY_SCHEMA } from "./autopilotIdentity.schema.ts";
import { pickStableFields } from "./autopilotIdentity.wire.ts";

/** What the kind must be told about the stack that it works for. */
export interface AutopilotIdentityTypeOptions {
	/** The strategy's name, for messages. */
	readonly strategy: string;
	/** The managed fields that the strategy has a word for. */
	readonly fields: readonly ManagedField[];
	readonly connect: ConnectApi<AutopilotInputs>;
}

/** Machines of Windows Autopilot, as the lifecycle knows them. */
export function createAutopilotIdentityType({
	strategy,
	fields,
	connect,
}: AutopilotIdentityTypeOptions): ResourceType<AutopilotInputs> {
	return {
		title: "AutopilotIdentity",
		schema: AUTOPILOT_IDENTITY_SCHEMA,
		normalizeInputs: omitEmptyHash,
		validators: [
			requireSerialNumber,
			requireHashOrAdopt,
			(inputs) => forbidUnsupportedFields(inputs, { strategy, fields }),
		],
		getId: () => "",
		getLabel: formatLabel,
		messages: {
			conflictAdvice: "otherwise delete its registration first, or remove this resource from the program",
			recreatedNote: "its registration id is new",
			describeChange: () => "was changed",
		},
		getKey: ({ id, values }) => id || String(values["serialNumber"]),
		deleteAction: "delete",
		explainNoReplacement: explainNotReplaceable,
		toOutputs: toMachineOutputs,
		fromState: restoreMachine,
		connect,
	};
}

/** An empty hash is none: a blank cell in a list of machines says as much. */
function omitEmptyHash(inputs: Values): Values {
	const { hardwareIdentifier, ...rest } = inputs;
	return hardwareIdentifier === "" ? rest : inputs;
}

/** `5CG1234ABC (6a1f…)`: serial numbers need not be unique. */
function formatLabel({ id, values }: Target): string {
	const serialNumber = asString(values["serialNumber"]) ?? "";
	if (serialNumber === "") return id;
	return id === "" ? serialNumber : `${serialNumber} (${id})`;
}

function requireSerialNumber({ serialNumber }: Values): readonly CheckFailure[] {
	return serialNumber === undefined
		? failCheck("serialNumber", "is missing; declare the machine's serial number")
		: [];
}

function requireHashOrAdopt({ hardwareIdentifier, adopt }: Values): readonly CheckFailure[] {
	if (hardwareIdentifier !== undefined || adopt === true || isUnknown(adopt)) return [];
	return failCheck(
		"hardwareIdentifier",
		"is missing; a machine is registered by its hardware hash. For one that is registered already, set `adopt: true`",
	);
}

function forbidUnsupportedFields(
	inputs: Values,
	{ strategy, fields: supportedFields }: Omit<AutopilotIdentityTypeOptions, "connect">,
): readonly CheckFailure[] {
	return MANAGED_FIELDS.filter((field) => !supportedFields.includes(field))
		.filter((field) => inputs[field] !== undefined && inputs[field] !== "")
		.flatMap((field) =>
			failCheck(
				field,
				`has no word in autopilot:strategy ${strategy}; leave it out, or set the strategy to live`,
			),
		);
}

/** A hash is never given back, so of a machine that was adopted without one nobody can register it again. */
function explainNotReplaceable(outputs: Values): string | undefined {
	if (decodeIdentity(outputs).has("hardwareIdentifier")) return undefined;
	return (
		"it was adopted without its hardware hash, so it could not be registered again once its registration is deleted. Declare its " +
		"`hardwareIdentifier` first, or take its record out of state by `pulumi state delete`, which leaves the registration."
	);
}

function toMachineOutputs(live: LiveObject<AutopilotInputs>, _inputs: Values, lastOutputs: Values): Values {
	const { serialNumber, productKey = "", groupTag = "", ...rest } = live.values;
	return {
		serialNumber,
		productKey,
		groupTag,
		...rest,
		...pickStableFields(live.computed),
		etag: live.etag,
		state: live.computed["state"] ?? lastOutputs["state"],
	};
}

/** A machine as state has it. */
function restoreMachine(outputs: Values): LiveObject<AutopilotInputs> {
	const names = ["serialNumber", "productKey", ...MANAGED_FIELDS];
	const values = Object.fromEntries(names.map((name) => [name, outputs[name]]).filter(([, value]) => value));
	const computed = { ...pickStableFields(outputs), state: outputs["state"] };
	return { etag: String(outputs["etag"]), values, computed };
}
