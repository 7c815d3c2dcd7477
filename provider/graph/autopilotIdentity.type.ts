import { decodeIdentity } from "../resource/managedFields.ts";
import type { ConnectApi, LiveObject, ResourceType, Target } from "../resource/resourceType.ts";
import { decodeHardwareHash } from "../rules/hardwareHash.ts";
import { isPlaceholderSerial } from "../rules/machineValues.ts";
import { asString, type Values } from "../values.ts";
import { type AutopilotInputs, MANAGED_FIELDS } from "./autopilotIdentity.inputs.ts";
import { getMachineRules, type SupportedFields } from "./autopilotIdentity.rules.ts";
import { AUTOPILOT_IDENTITY_SCHEMA } from "./autopilotIdentity.schema.ts";
import { pickStableFields } from "./autopilotIdentity.wire.ts";

/** Options that depend on the stack's settings. */
export interface AutopilotIdentityTypeOptions extends SupportedFields {
	readonly connect: ConnectApi<AutopilotInputs>;
}

/** Creates the resource type of AutopilotIdentity. */
export function createAutopilotIdentityType({
	strategy,
	fields,
	connect,
}: AutopilotIdentityTypeOptions): ResourceType<AutopilotInputs> {
	return {
		title: "AutopilotIdentity",
		schema: AUTOPILOT_IDENTITY_SCHEMA,
		normalizeInputs: omitEmptyHash,
		validators: getMachineRules({ strategy, fields }),
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
		describeOtherObject: describeOtherMachine,
		toOutputs: toMachineOutputs,
		fromState: restoreMachine,
		connect,
	};
}

/** Removes an empty hash, which a blank cell in a list of machines produces. */
function omitEmptyHash(inputs: Values): Values {
	const { hardwareIdentifier, ...rest } = inputs;
	return hardwareIdentifier === "" ? rest : inputs;
}

/** Formats `5CG1234ABC (6a1f…)`: serial numbers need not be unique. */
function formatLabel({ id, values }: Target): string {
	const serialNumber = asString(values["serialNumber"]) ?? "";
	if (serialNumber === "") return id;
	return id === "" ? serialNumber : `${serialNumber} (${id})`;
}

/**
 * Explains why a machine cannot be registered again after its deletion: it was adopted without its hash, which the service never
 * returns. Undefined if it can.
 */
function explainNotReplaceable(outputs: Values): string | undefined {
	if (decodeIdentity(outputs).has("hardwareIdentifier")) return undefined;
	return (
		"it was adopted without its hardware hash, so it could not be registered again after its registration is deleted. Declare its " +
		"`hardwareIdentifier` first, or remove it from state with `pulumi state delete`, which keeps the registration."
	);
}

/**
 * Compares a registration with what the declared hash says, for states of releases that recorded only the characters of a hash. A serial
 * number that firmware reports if nobody filled it in proves nothing.
 */
function describeOtherMachine(
	{ values, computed }: LiveObject<AutopilotInputs>,
	{ hardwareIdentifier }: Values,
): string | undefined {
	const report = decodeHardwareHash(String(hardwareIdentifier));
	if (report === undefined) return undefined;
	const pairs = [
		["serial number", values.serialNumber, report.serialNumber],
		["manufacturer", asString(computed["manufacturer"]), report.manufacturer],
		["model", asString(computed["model"]), report.product],
	] as const;
	const differing = pairs.filter(([, registered, declared]) => differsIfKnown(registered, declared));
	if (differing.length > 0) {
		const list = differing.map(
			([name, registered, declared]) =>
				`the ${name} ${JSON.stringify(registered)}, but its declared hash has ${JSON.stringify(declared)}`,
		);
		return `is registered with ${list.join(", and with ")}`;
	}
	return isPlaceholderSerial(report.serialNumber ?? "")
		? `has another hash than at its last deployment, and its serial number ${JSON.stringify(report.serialNumber)} does not show whether it is the same machine: declare the former hash until an update of the machine, for example of its group tag, has recorded it`
		: undefined;
}

function differsIfKnown(one: string | undefined, other: string | undefined): boolean {
	return Boolean(one && other) && String(one).trim().toLowerCase() !== String(other).trim().toLowerCase();
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

/** Restores a machine from the outputs in state. */
function restoreMachine(outputs: Values): LiveObject<AutopilotInputs> {
	const names = ["serialNumber", "productKey", ...MANAGED_FIELDS];
	const values = Object.fromEntries(names.map((name) => [name, outputs[name]]).filter(([, value]) => value));
	const computed = { ...pickStableFields(outputs), state: outputs["state"] };
	return { etag: String(outputs["etag"]), values, computed };
}
