import type { Control } from "../../emulator/emulator.ts";
import type { Values } from "./subject.ts";

/** The host names of one hub: the classic one, and those for devices and for back ends. */
export const HUB_HOST = "fleet.azure-devices.net";
const DEVICE_HOST = "fleet.device.azure-devices.net";
const SERVICE_HOST = "fleet.service.azure-devices.net";

/** How settings may name the hub: never by the name for devices. */
const CONFIGURED = [HUB_HOST, SERVICE_HOST];

/** How a program may name the hub; undefined if it does not. */
const DECLARED = [SERVICE_HOST, undefined, DEVICE_HOST, HUB_HOST, "Fleet.Service.Azure-Devices.NET"];

/** Returns the inputs by which a declaration names the hub: another name for each of a few numbers. */
export function declareHub(at: number): Values {
	const hubHostName = DECLARED[at % DECLARED.length];
	return hubHostName === undefined ? {} : { hubHostName };
}

/**
 * Names a hub differently each time, as people do who move between its host names. Nothing may depend on it, so whatever a model
 * expects of a hub with one name, it expects of these. The names follow in a fixed order, so that a failure can be repeated.
 */
export class HostAliases {
	#settings = 0;
	#declarations = 0;

	/** Returns the settings of the next process. */
	nextSettings({ hub }: Pick<Control, "hub">): Record<string, string> {
		const hostName = CONFIGURED[this.#settings++ % CONFIGURED.length];
		return { "iothub:connectionString": hub.connectionString("iothubowner", hostName) };
	}

	/** Returns the inputs by which the next declaration names the hub. */
	nextInputs(): Values {
		return declareHub(this.#declarations++);
	}

	/** Begins anew. */
	reset(): void {
		this.#settings = 0;
		this.#declarations = 0;
	}
}
