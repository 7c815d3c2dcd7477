import type { HttpRequest, HttpResponse } from "../../../../provider/http/pipeline.ts";
import { createIotHubService } from "../../../../provider/iothub/service.ts";
import type { ResourceProvider } from "../../../../provider/resource/resourceProvider.ts";
import { createServiceClock, createServiceNetwork } from "../../../contract/harness/emulatedServices.ts";
import type { Values } from "../../../contract/subject/subject.ts";
import type { DeviceChange, DeviceView } from "../../../emulator/emulator.ts";
import { createWorld } from "../../../emulator/world.ts";
import type { Service } from "../operation.ts";
import type { ProcessOptions } from "../place.ts";
import { createKeys, type Leaves, listDeviceLeaves } from "./leaves.ts";
import { type Device, normalizeProgram, type Outside, type Program } from "./step.ts";

const HOST = "fleet.example";

/** What a hub answers in place of carrying a request out. */
export const ANSWERS = {
	throttled: createRefusal(429, "ThrottlingBacklogTimeout"),
	"server error": createRefusal(500, "ServerError"),
	refused: createRefusal(400, "ArgumentInvalid"),
};

/** A device as the hub has it. */
export interface Sight {
	readonly incarnation: string;
	readonly etag: string;
	readonly leaves: Leaves;
	/** What its children are told of it; empty for one that can have none. */
	readonly scope: string;
}

/** A hub with its devices, by id. */
export type View = ReadonlyMap<string, Sight>;

/** The histories of a fleet, as types. */
export interface Fleet {
	readonly program: Program;
	readonly sight: Sight;
	readonly view: View;
	readonly outside: Outside;
}

/** A hub that is called and not connected to. */
export class FleetPlace implements Service<Sight> {
	readonly #world = createWorld({ timeScale: 0 }, { hostName: HOST, port: 443, origin: `https://${HOST}` });
	readonly #known = new Set<string>();
	readonly network = createServiceNetwork(this.#world);
	readonly answers = ANSWERS;

	/** Starts a provider process. */
	open({ network, say }: ProcessOptions): ResourceProvider {
		const settings: Readonly<Record<string, string>> = {
			"iothub:connectionString": this.#world.control.hub.connectionString(),
		};
		const sources = { config: (key: string) => settings[key], env: {} };
		return createIotHubService({ sources, clock: createServiceClock(this.#world), warn: say, network })
			.deviceFleet;
	}

	/** All devices. */
	view(): View {
		return new Map(
			this.#world.control.devices.list().map((device) => [device.deviceId, this.#sight(device)]),
		);
	}

	about({ url }: HttpRequest): string {
		return /^\/devices\/([^/]+)$/.exec(url.pathname)?.[1] ?? "";
	}

	/** One device. */
	see(id: string): Sight | undefined {
		const device = this.#world.control.devices.get(id);
		return device && this.#sight(device);
	}

	/** What the resource declares for this program. */
	inputsOf(program: Program): Values {
		const devices = Object.entries(normalizeProgram(program)).map(([id, device]) => [
			id,
			declareDevice(device),
		]);
		return { devices: JSON.stringify(Object.fromEntries(devices)) };
	}

	/** Does what somebody else does; does nothing where it makes no sense. */
	changeElsewhere(outside: Outside): void {
		const { devices } = this.#world.control;
		const { what, id } = outside;
		const device = devices.get(id);
		if (what === "make" && device === undefined) devices.seed([{ deviceId: id, statusReason: "theirs" }]);
		if (what === "imitate" && device === undefined) devices.seed([{ deviceId: id }]);
		if (device === undefined) return;
		if (what === "change") devices.change(id, this.#changeOf(outside, device));
		else if (what === "rewrite") devices.change(id, {});
		else if (what === "rotate") devices.rotateKeys(id);
		else if (what === "remove") devices.remove(id);
		else if (what === "recreate") devices.recreate(id);
		else if (what === "live") {
			devices.connect(id);
			devices.patchTwin(id, { tags: { site: "north" } });
		}
	}

	/** Lets time pass. */
	pass(hours: number): void {
		this.#world.control.clock.advance(hours * 3_600_000);
	}

	/** What must never be said: every key that any device ever had. */
	secrets(): readonly string[] {
		return [...this.#known].filter((key) => key !== "");
	}

	#sight(device: DeviceView): Sight {
		const { primaryKey, secondaryKey } = device.authentication.symmetricKey;
		this.#known.add(primaryKey ?? "").add(secondaryKey ?? "");
		const scope = device.capabilities.iotEdge ? (device.deviceScope ?? "") : "";
		return { incarnation: device.generationId, etag: device.etag, leaves: listDeviceLeaves(device), scope };
	}

	/** A gateway's own scope must be echoed, and one that stops being one has none. */
	#changeOf(outside: Outside & { what: "change" }, { capabilities }: DeviceView): DeviceChange {
		const { knob, value, id } = outside;
		if (knob === "keys") return { authentication: { type: "sas", symmetricKey: createKeys(value) } };
		if (knob === "status") return { status: value === "disabled" ? "disabled" : "enabled" };
		if (knob === "statusReason") return { statusReason: value };
		if (knob === "parent") {
			const scope = value === "" || value === id ? "" : (this.see(value)?.scope ?? "");
			return capabilities.iotEdge ? { parentScopes: scope === "" ? [] : [scope] } : { deviceScope: scope };
		}
		const iotEdge = value === "true";
		return iotEdge === capabilities.iotEdge
			? {}
			: { capabilities: { iotEdge }, deviceScope: "", parentScopes: [] };
	}
}

function createRefusal(status: number, code: string): HttpResponse {
	return {
		status,
		headers: { "iothub-errorcode": code },
		text: JSON.stringify({ Message: `ErrorCode:${code};${code}` }),
	};
}

function declareDevice({ status, statusReason, keys, edge, parent }: Device): Values {
	return {
		...(status === undefined ? {} : { status }),
		...(statusReason === undefined ? {} : { statusReason }),
		...(keys === undefined ? {} : { authentication: { type: "sas", symmetricKey: createKeys(keys) } }),
		...(edge === undefined ? {} : { capabilities: { iotEdge: edge === "true" } }),
		...(parent === undefined ? {} : { parent }),
	};
}
