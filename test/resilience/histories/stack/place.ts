import type { HttpRequest } from "../../../../provider/http/pipeline.ts";
import { createIotHubService } from "../../../../provider/iothub/service.ts";
import type { ResourceProvider } from "../../../../provider/resource/resourceProvider.ts";
import { ORIGIN_INPUT } from "../../../../provider/stateKeys.ts";
import { createServiceClock, createServiceNetwork } from "../../../contract/harness/emulatedServices.ts";
import { declareHub, HostAliases, HUB_HOST } from "../../../contract/subject/hostAliases.ts";
import type { Values } from "../../../contract/subject/subject.ts";
import type { DeviceView } from "../../../emulator/emulator.ts";
import { createWorld } from "../../../emulator/world.ts";
import { ANSWERS } from "../fleet/place.ts";
import type { Service } from "../operation.ts";
import type { ProcessOptions } from "../place.ts";
import { isFleet, NAMES, type Outside, type Resource, type StackName, type Type } from "./step.ts";

/** A device at the hub. */
export interface Sight {
	/** The generation. */
	readonly incarnation: string;
	readonly etag: string;
	readonly keys: string;
	readonly reason: string;
}

/** The providers of one process, by type. */
export type Process = Readonly<Record<Type, ResourceProvider>>;

/** A hub that two stacks share. */
export class Hub implements Service<Sight> {
	readonly #world = createWorld(
		{ timeScale: 0 },
		{ hostName: HUB_HOST, port: 443, origin: `https://${HUB_HOST}` },
	);
	readonly #aliases = new HostAliases();
	readonly #keys = new Set<string>();
	readonly network = createServiceNetwork(this.#world);
	readonly answers = ANSWERS;

	/** Starts a provider process. */
	open({ network, say }: ProcessOptions): Process {
		const settings = this.#aliases.nextSettings(this.#world.control);
		const sources = { config: (key: string) => settings[key], env: {} };
		const service = createIotHubService({
			sources,
			clock: createServiceClock(this.#world),
			warn: say,
			network,
		});
		return { DeviceIdentity: service.deviceIdentity, DeviceFleet: service.deviceFleet };
	}

	/** Returns all devices, by id. */
	view(): ReadonlyMap<string, Sight> {
		return new Map(
			this.#world.control.devices.list().map((device) => [device.deviceId, this.#sightOf(device)]),
		);
	}

	about({ url }: HttpRequest): string {
		return /^\/devices\/([^/]+)$/.exec(url.pathname)?.[1] ?? "";
	}

	/** Returns one device. */
	see(id: string): Sight | undefined {
		const device = this.#world.control.devices.get(id);
		return device && this.#sightOf(device);
	}

	/** Carries out a change by somebody else; does nothing if it is impossible. */
	changeElsewhere({ what, id }: Outside): void {
		const { devices } = this.#world.control;
		if (what === "make") {
			if (devices.get(id) === undefined) devices.seed([{ deviceId: id, statusReason: "theirs" }]);
		} else if (devices.get(id) === undefined) return;
		else if (what === "change") devices.change(id, { statusReason: "changed" });
		else if (what === "rewrite") devices.change(id, {});
		else if (what === "rotate") devices.rotateKeys(id);
		else if (what === "remove") devices.remove(id);
		else devices.recreate(id, { statusReason: "theirs" });
	}

	/** Lists every key that any device ever had; none may be printed. */
	secrets(): readonly string[] {
		return [...this.#keys];
	}

	#sightOf({ generationId, etag, authentication, statusReason }: DeviceView): Sight {
		const { primaryKey, secondaryKey } = authentication.symmetricKey;
		const keys = [primaryKey ?? "", secondaryKey ?? ""];
		for (const key of keys) if (key !== "") this.#keys.add(key);
		return { incarnation: generationId, etag, keys: keys.join(" "), reason: statusReason ?? "" };
	}
}

/** Returns the value that a stack writes to its devices, which no device of others has. */
export function formatReason(stack: StackName, { reason }: Pick<Resource, "reason">): string {
	return reason === undefined ? stack : `${stack} ${reason}`;
}

/** Returns what the SDK sends for a resource. */
export function createStackInputs(stack: StackName, resource: Resource): Values {
	const { name, ids, adopt } = resource;
	const device = { statusReason: formatReason(stack, resource) };
	return {
		...(isFleet(name)
			? { devices: JSON.stringify(Object.fromEntries(ids.map((id) => [id, device]))) }
			: { deviceId: ids[0], ...device }),
		...(adopt === undefined ? {} : { adopt }),
		// Resources name the hub differently, and so does one whose devices change.
		...declareHub(Buffer.from(`${stack}${name}${ids.join("")}`).reduce((sum, byte) => sum + byte, 0)),
		[ORIGIN_INPUT]: `organization/histories/${stack}/${NAMES[name]}/${name}`,
	};
}
