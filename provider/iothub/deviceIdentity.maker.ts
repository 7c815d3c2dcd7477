import { members, textOf } from "../http/json.ts";
import type { Live, Proof, Values } from "../lifecycle/kind.ts";
import type { DeviceInputs } from "./deviceIdentity.inputs.ts";
import { isKeyOf, newKey } from "./rotation.ts";

/** The input by which a fleet tells a device that the fleet makes its keys, and which fleet that is. No program has it. */
export const MAKER = "__maker";

const SLOTS = ["primaryKey", "secondaryKey"] as const;

/**
 * The inputs as they are sent to create the device: with both keys where a fleet makes them. Each time they are others, and
 * all of them prove which fleet made them, so an interrupted run needs to leave nothing behind.
 */
export function withMadeKeys(inputs: DeviceInputs): DeviceInputs {
	const mark = markOf(inputs);
	if (mark === undefined) return inputs;
	const symmetricKey = { primaryKey: newKey(mark("primaryKey")), secondaryKey: newKey(mark("secondaryKey")) };
	return { ...inputs, authentication: { type: "sas", ...inputs.authentication, symmetricKey } };
}

/** What the credentials of a device show of who made it. Certificates are public, and keys of the hub's making anybody's. */
export function proofOf(found: Live<DeviceInputs>, inputs: Values): Proof {
	const keys = found.values.authentication?.symmetricKey;
	const declared = members(inputs["authentication"])["symmetricKey"];
	const mark = markOf(inputs);
	if (declared === undefined && mark === undefined) return "none";
	const isProven = SLOTS.every((slot) => {
		const key = keys?.[slot] ?? "";
		return mark === undefined
			? key !== "" && key === textOf(members(declared)[slot])
			: isKeyOf(mark(slot), key);
	});
	return isProven ? "proven" : "refuted";
}

/** What a device is like that was just made of these inputs: enabled, with keys, no gateway, without a parent. */
export function createdDevice(inputs: Values): Values {
	const { status = "enabled", authentication } = inputs;
	return { ...inputs, status, authentication: { type: "sas", ...members(authentication) } };
}

/** Tells a slot of the device from all others, of any device, hub and fleet; undefined where no fleet makes the keys. */
function markOf(inputs: object): ((slot: string) => string) | undefined {
	const { [MAKER]: maker, hubHostName, deviceId } = inputs as Values;
	if (maker === undefined) return undefined;
	return (slot) => [maker, hubHostName, deviceId, slot].map(String).join("\n");
}
