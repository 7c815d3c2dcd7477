import { PartiallyApplied } from "../resource/errors.ts";
import type { Target } from "../resource/resourceType.ts";
import { getListedSerial, isSameSerial } from "../rules/machineSerial.ts";
import { AutopilotError } from "./autopilotErrors.ts";
import type { AutopilotInputs } from "./autopilotIdentity.inputs.ts";
import type { LiveMachine } from "./autopilotIdentity.wire.ts";
import { describeMachine } from "./machines.ts";

/** Throws if the registration got neither the serial number of the hash nor the declared one. State keeps the registration. */
export function requireRegisteredSerial(live: LiveMachine, desired: AutopilotInputs): void {
	const { serialNumber = "" } = live.values;
	const expected = getListedSerial(desired);
	const accepted =
		desired.onSerialNumberMismatch === "accept" ? [expected, desired.serialNumber] : [expected];
	// Some services do not show the serial number.
	if (serialNumber === "" || accepted.some((one) => isSameSerial(one, serialNumber))) return;
	const error = new AutopilotError(
		"SerialNumberMismatch",
		`The ${describeMachine(desired.serialNumber)} was registered as ${live.id}, but Intune lists it with the serial number ` +
			`${JSON.stringify(serialNumber)}. State has this registration. If it is the machine, declare that serial number; otherwise remove the ` +
			"resource from the program, which deletes the registration, and declare the machine's own hash.",
	);
	throw new PartiallyApplied(error, live);
}

/** Throws if the machine has another serial number: its registration id then no longer identifies the deployed machine. */
export function requireSameSerialNumber({ id, values }: LiveMachine, target: Target): void {
	const expected = target.values["serialNumber"];
	if (expected === undefined || expected === values.serialNumber) return;
	throw new AutopilotError(
		"WrongMachine",
		`Registration ${id} was not deleted: it belongs to ${describeMachine(values.serialNumber)}, but Pulumi deployed ` +
			`${describeMachine(expected)}. Run \`pulumi refresh\` to update the state.`,
	);
}
