import type { HttpRequest, HttpResponse } from "../../../../provider/http/pipeline.ts";
import { createIotHubService } from "../../../../provider/iothub/service.ts";
import type { ResourceProvider } from "../../../../provider/resource/resourceProvider.ts";
import { createServiceClock, createServiceNetwork } from "../../../contract/harness/emulatedServices.ts";
import { HostAliases, HUB_HOST } from "../../../contract/subject/hostAliases.ts";
import type { Values } from "../../../contract/subject/subject.ts";
import type { DeviceChange, DeviceView } from "../../../emulator/emulator.ts";
import { createWorld } from "../../../emulator/world.ts";
import type { Service } from "../operation.ts";
import type { ProcessOptions } from "../place.ts";
import { createKeys, type Leaves, listDeviceLeaves } from "./leaves.ts";
import { type Device, normalizeProgram, type Outside, type Program } from "./step.ts";

/** Responses of a hub that does not carry out the request. */
export const ANSWERS = {
	throttled: createRefusal(429, "ThrottlingBacklogTimeout"),
	"server error": createRefusal(500, "ServerError"),
	refused: createRefusal(400, "ArgumentInvalid"),
};

/** A device at the hub. */
export interface Sight {
	readonly incarnation: string;
	readonly etag: string;
	readonly leaves: Leaves;
	/** The scope that its children declare; empty if it cannot have children. */
	readonly scope: string;
}

/** The devices of a hub, by id. */
export type View = ReadonlyMap<string, Sight>;

/** The types of a fleet's histories. */
export interface Fleet {
	readonly program: Program;
	readonly sight: Sight;
	readonly view: View;
	readonly outside: Outside;
}

/** A hub that is called directly, without a network. */
export class FleetPlace implements Service<Sight> {
	readonly #world = createWorld(
		{ timeScale: 0 },
		{ hostName: HUB_HOST, port: 443, origin: `https://${HUB_HOST}` },
	);
	readonly #aliases = new HostAliases();
	readonly #known = new Set<string>();
	readonly network = createServiceNetwork(this.#world);
	readonly answers = ANSWERS;

	/** Starts a provider process. */
	open({ network, say }: ProcessOptions): ResourceProvider {
		const settings = this.#aliases.nextSettings(this.#world.control);
		const sources = { config: (key: string) => settings[key], env: {} };
		return createIotHubService({ sources, clock: createServiceClock(this.#world), warn: say, network })
			.deviceFleet;
	}

	/** Returns all devices. */
	view(): View {
		return new Map(
			this.#world.control.devices.list().map((device) => [device.deviceId, this.#sight(device)]),
		);
	}

	about({ url }: HttpRequest): string {
		return /^\/devices\/([^/]+)$/.exec(url.pathname)?.[1] ?? "";
	}

	/** Returns one device. */
	see(id: string): Sight | undefined {
		const device = this.#world.control.devices.get(id);
		return device && this.#sight(device);
	}

	/** Returns the inputs that the resource declares for this program. */
	inputsOf(program: Program): Values {
		const devices = Object.entries(normalizeProgram(program)).map(([id, device]) => [
			id,
			declareDevice(device),
		]);
		return { devices: JSON.stringify(Object.fromEntries(devices)), ...this.#aliases.nextInputs() };
	}

	/** Carries out a change by somebody else; does nothing if it is impossible. */
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

	/** Lists every key that any device ever had; none may be printed. */
	secrets(): readonly string[] {
		return [...this.#known].filter((key) => key !== "");
	}

	#sight(device: DeviceView): Sight {
		const { primaryKey, secondaryKey } = device.authentication.symmetricKey;
		this.#known.add(primaryKey ?? "").add(secondaryKey ?? "");
		const scope = device.capabilities.iotEdge ? (device.deviceScope ?? "") : "";
		return { incarnation: device.generationId, etag: device.etag, leaves: listDeviceLeaves(device), scope };
	}

	/** Returns a change that the hub accepts: a gateway's own scope must be echoed, and a former gateway has none. */
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
