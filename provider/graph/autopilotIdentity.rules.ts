import type { CheckFailure } from "../resource/schema.ts";
import { failCheck } from "../resource/validators.ts";
import { findMachineSerialProblem } from "../rules/machineSerial.ts";
import { findSerialNumberProblem } from "../rules/machineValues.ts";
import { asString, isUnknown, type Values } from "../values.ts";
import { MANAGED_FIELDS, type ManagedField } from "./autopilotIdentity.inputs.ts";

/** The fields that the stack's strategy supports. */
export interface SupportedFields {
	/** The strategy's name, for messages. */
	readonly strategy: string;
	readonly fields: readonly ManagedField[];
}

/** A rule that looks at several properties of a machine at once. */
type MachineRule = (inputs: Values) => readonly CheckFailure[];

/** Returns the rules that look at several properties of a machine, or that depend on the strategy. */
export function getMachineRules(supported: SupportedFields): readonly MachineRule[] {
	return [
		requireSerialNumber,
		requireHashOrAdopt,
		requireOwnSerialNumber,
		(inputs) => forbidUnsupportedFields(inputs, supported),
	];
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
		"is missing; a machine is registered by its hardware hash. If the machine is already registered, set `adopt: true`",
	);
}

/** Requires the serial number to be the machine's own: not one that a spreadsheet changed, nor another one than the hash holds. */
function requireOwnSerialNumber({
	serialNumber,
	hardwareIdentifier,
	onSerialNumberMismatch,
}: Values): readonly CheckFailure[] {
	if (typeof serialNumber !== "string" || [serialNumber, hardwareIdentifier].some(isUnknown)) return [];
	// The rules for the value alone report it already.
	if (findSerialNumberProblem(serialNumber) !== undefined) return [];
	const policy = onSerialNumberMismatch === "accept" || isUnknown(onSerialNumberMismatch) ? "accept" : "fail";
	const problem = findMachineSerialProblem(
		{ serialNumber, hardwareIdentifier: asString(hardwareIdentifier) },
		policy,
	);
	return problem === undefined ? [] : failCheck("serialNumber", problem);
}

function forbidUnsupportedFields(
	inputs: Values,
	{ strategy, fields }: SupportedFields,
): readonly CheckFailure[] {
	return MANAGED_FIELDS.filter((field) => !fields.includes(field))
		.filter((field) => inputs[field] !== undefined && inputs[field] !== "")
		.flatMap((field) =>
			failCheck(
				field,
				`is not supported by autopilot:strategy ${strategy}; omit it, or set the strategy to live`,
			),
		);
}
