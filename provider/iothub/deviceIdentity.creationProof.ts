import { formatHostName, HOST_NAME_TYPES, normalizeHubName } from "../hubName.ts";
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
	const [formatSlotLabel] = createLabelFormatters(inputs);
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
	const labelFormatters = createLabelFormatters(inputs);
	if (declared === undefined && labelFormatters.length === 0) return "none";
	const isProven = KEY_SLOTS.every((slot) => {
		const key = keys?.[slot] ?? "";
		return labelFormatters.length === 0
			? key !== "" && key === asString(asObject(declared)[slot])
			: labelFormatters.some((formatSlotLabel) => isKeyGeneratedFor(formatSlotLabel(slot), key));
	});
	return isProven ? "proven" : "refuted";
}

/** Returns the values of a device just created from these inputs, with the defaults that the hub adds. */
export function predictCreatedDevice(inputs: Values): Values {
	const { status = "enabled", authentication } = inputs;
	return { ...inputs, status, authentication: { type: "sas", ...asObject(authentication) } };
}

/**
 * Creates the functions that return the label of a key slot, unique among all devices, hubs and fleets; none if no fleet
 * generates the keys. The first is for new keys. The others are for keys that a release generated which did not know that a hub has
 * several host names.
 */
function createLabelFormatters(inputs: object): readonly ((slot: string) => string)[] {
	const { [CREATOR_INPUT]: creator, hubHostName, deviceId } = inputs as Values;
	if (creator === undefined) return [];
	const hubName = normalizeHubName(String(hubHostName));
	const hostNames = new Set(HOST_NAME_TYPES.map((type) => formatHostName(hubName, type)));
	return [...hostNames].map(
		(hostName) => (slot) => [creator, hostName, deviceId, slot].map(String).join("\n"),
	);
}
