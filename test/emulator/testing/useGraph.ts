import type { AutopilotSwitches, Emulator } from "../emulator.ts";
import { generateHardwareHash } from "../graph/hardwareHash.ts";
import { GraphClient, IMPORTED } from "./graphClient.ts";
import type { Reply } from "./hubClient.ts";
import { useEmulator, withEmulator } from "./useEmulator.ts";

/** An emulator with a frozen clock, and a client that may do everything. */
export interface Scene {
	readonly emulator: Emulator;
	readonly graph: GraphClient;
	/** Registers a machine by import, waits until it can be read, deletes the record, and returns its registration id. */
	register(serialNumber: string, more?: object): Promise<string>;
	/** Lets virtual seconds pass. */
	pass(seconds: number): void;
}

/** Runs a test with an emulator of its own, with a frozen clock. */
export async function withGraph(
	autopilot: Partial<AutopilotSwitches>,
	test: (scene: Scene) => Promise<void>,
): Promise<void> {
	await withEmulator({ timeScale: 0, autopilot }, ({ emulator }) => test(createScene(emulator)));
}

/** Starts an emulator before the tests of a file and stops it after them; writes are not limited. */
export function useGraph(autopilot: Partial<AutopilotSwitches> = {}): Scene {
	const shared = useEmulator({ timeScale: 0, autopilot: { writeLimit: 0, ...autopilot } });
	let scene: Scene | undefined;
	const getScene = (): Scene => {
		scene ??= createScene(shared.emulator);
		return scene;
	};
	return {
		get emulator() {
			return shared.emulator;
		},
		get graph() {
			return getScene().graph;
		},
		register: (...parameters) => getScene().register(...parameters),
		pass: (seconds) => getScene().pass(seconds),
	};
}

function createScene(emulator: Emulator): Scene {
	const graph = new GraphClient(emulator);
	const pass = (seconds: number) => emulator.control.clock.advance(seconds * 1000);
	const register = async (serialNumber: string, more: object = {}) => {
		const created = await graph.post(IMPORTED, importBody(serialNumber, more));
		const record = `${IMPORTED}/${created.at("id")}`;
		pass(61);
		const done: Reply = await graph.get(record);
		await graph.delete(record);
		return String(done.at("state.deviceRegistrationId"));
	};
	return { emulator, graph, register, pass };
}

/** Returns the body of a minimal import with a generated hash. */
export function importBody(serialNumber: string, more: object = {}): Record<string, unknown> {
	return { serialNumber, hardwareIdentifier: generateHardwareHash(serialNumber), ...more };
}
