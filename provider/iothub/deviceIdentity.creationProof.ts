import type { CreationProof, LiveObject } from "../resource/resourceType.ts";
import { CREATOR_INPUT } from "../stateKeys.ts";
import { asObject, asString, type Values } from "../values.ts";
import type { DeviceInputs } from "./deviceIdentity.inputs.ts";
import { generateKey, isKeyGeneratedFor } from "./keyRotation.ts";

const KEY_SLOTS = ["primaryKey", "secondaryKey"] as const;

/**
 * Adds both keys to the inputs of a new device, if a fleet generates them. Each call generates other keys, and each key proves
 * which fleet generated it, so an interrupted run does not have to store anything.
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

/**
 * Returns whether the keys of a device prove that it was created from these inputs. Certificates prove nothing, because they
 * are public, nor do keys that the hub generated.
 */
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

/** Returns the values of a device just created from these inputs, with the defaults that the hub adds. */
export function predictCreatedDevice(inputs: Values): Values {
	const { status = "enabled", authentication } = inputs;
	return { ...inputs, status, authentication: { type: "sas", ...asObject(authentication) } };
}

/**
 * Creates the function that returns the label of a key slot, unique among all devices, hubs and fleets; undefined if no fleet
 * generates the keys.
 */
function createLabelFormatter(inputs: object): ((slot: string) => string) | undefined {
	const { [CREATOR_INPUT]: creator, hubHostName, deviceId } = inputs as Values;
	if (creator === undefined) return undefined;
	return (slot) => [creator, hubHostName, deviceId, slot].map(String).join("\n");
}
