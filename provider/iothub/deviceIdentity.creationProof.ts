import type { CreationProof, LiveObject } from "../resource/resourceType.ts";
import { CREATOR_INPUT } from "../stateKeys.ts";
import { asObject, asString, type Values } from "../values.ts";
import type { DeviceInputs } from "./deviceIdentity.inputs.ts";
import { generateKey, isKeyGeneratedFor } from "./keyRotation.ts";

const KEY_SLOTS = ["primaryKey", "secondaryKey"] as const;

/**
 * The inputs as they are sent to create the device: with both keys where a fleet makes them. Each time they are others, and
 * all of them prove which fleet made them, so an interrupted run needs to leave nothing behind.
 */
export function addGeneratedKeys(inputs: DeviceInputs): DeviceInputs {
	const formatSlotLabel = createLabelFormatter(inputs);
	if (formatSlotLabel === undefined) return inputs;
	const symmetricKey = {
		primaryKey: generateKey(formatSlotLabel("primaryKey")),
		secondaryKey: generateKey(formatSlotLabel("secondaryKey")),
	};
	return { ...inputs, authentication: { type: "sas", ...inputs.authentication, symmetricKey } };
}

/** What the credentials of a device show of who made it. Certificates are public, and keys of the hub's making anybody's. */
export function proveDeviceCreation(found: LiveObject<DeviceInputs>, inputs: Values): CreationProof {
	const keys = found.values.authentication?.symmetricKey;
	const declared = asObject(inputs["authentication"])["symmetricKey"];
	const formatSlotLabel = createLabelFormatter(inputs);
	if (declared === undefined && formatSlotLabel === undefined) return "none";
	const isProven = KEY_SLOTS.every((slot) => {
		const key = keys?.[slot] ?? "";
		return formatSlotLabel === undefined
			? key !== "" && key === asString(asObject(declared)[slot])
			: isKeyGeneratedFor(formatSlotLabel(slot), key);
	});
	return isProven ? "proven" : "refuted";
}

/** What a device is like that was just made of these inputs: enabled, with keys, no gateway, without a parent. */
export function predictCreatedDevice(inputs: Values): Values {
	const { status = "enabled", authentication } = inputs;
	return { ...inputs, status, authentication: { type: "sas", ...asObject(authentication) } };
}

/** Tells a slot of the device from all others, of any device, hub and fleet; undefined where no fleet makes the keys. */
function createLabelFormatter(inputs: object): ((slot: string) => string) | undefined {
	const { [CREATOR_INPUT]: creator, hubHostName, deviceId } = inputs as Values;
	if (creator === undefined) return undefined;
	return (slot) => [creator, hubHostName, deviceId, slot].map(String).join("\n");
}
