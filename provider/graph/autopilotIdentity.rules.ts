import type { CheckFailure } from "../resource/schema.ts";
import { failCheck } from "../resource/validators.ts";
import { isUnknown, type Values } from "../values.ts";
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
	return [requireSerialNumber, requireHashOrAdopt, (inputs) => forbidUnsupportedFields(inputs, supported)];
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
