import assert from "node:assert/strict";
import { test } from "node:test";
import { version } from "../../../package.json";
import type { Engine } from "../../engine/index.ts";
import { testOnEngines } from "../engines.ts";
import { listSteps } from "../scenario.ts";
import { HOST, locateProgram, runAtSite, SIGNED_IN } from "../site.ts";
import { listReleased, type Released, restoreDeployment } from "./released.ts";

const RELEASED = listReleased();

/** The only resource of a program that declares a fleet. */
const FLEETS: Readonly<Record<string, string>> = { fleet: "plant", kiosks: "kiosks" };

/** A change that is possible in each program, by the changed resource or device. */
const CHANGES: Readonly<Record<string, object>> = {
	sensor: { status: "enabled", statusReason: "in use" },
	"sensor-1": { status: "disabled", statusReason: "being repaired" },
	kiosk: { groupTag: "Lobby" },
};

test("every release since 0.1.0 has recorded states of every kind", () => {
	const kinds = RELEASED.filter(({ release }) => release === "0.1.0").flatMap(({ state }) =>
		(state.deployment.resources ?? []).map(({ type }) => type.split(":").at(-1) ?? ""),
	);
	for (const kind of ["DeviceIdentity", "DeviceFleet", "AutopilotIdentity", "AutopilotFleet"])
		assert.ok(kinds.includes(kind), kind);
	assert.ok(RELEASED.some(({ release }) => release === version));
});

for (const released of RELEASED) {
	const { release, name } = released;
	testOnEngines(
		`the state of ${name} from release ${release} is refreshed, planned, changed and destroyed`,
		(engine) => assertServes(engine, released),
	);
}

/** The host names of the hub that a state may have and that the settings may name. */
const HOST_NAMES = [HOST, HOST.replace(".", ".service.")];

for (const released of RELEASED.filter(({ deployed }) => deployed.key === "devices")) {
	for (const inState of HOST_NAMES) {
		const inSettings = HOST_NAMES.find((hostName) => hostName !== inState) ?? HOST;
		testOnEngines(
			`the state of ${released.name} from release ${released.release} with ${inState} is served with ${inSettings}`,
			(engine) => assertServes(engine, respell(released, inState), inSettings),
		);
	}
}

/** Returns the state that the release writes if its settings have this host name of the hub. */
function respell(released: Released, hostName: string): Released {
	return { ...released, state: JSON.parse(JSON.stringify(released.state).replaceAll(HOST, hostName)) };
}

async function assertServes(engine: Engine, released: Released, hostName = HOST): Promise<void> {
	const { program, key, declared, config } = released.deployed;
	await runAtSite(
		engine,
		{ root: locateProgram(program), config: { ...SIGNED_IN, "iothub:hostName": hostName, ...config } },
		async (site) => {
			const { stack, emulator } = site;
			const declare = (what: object) => stack.setConfig(key, { secret: JSON.stringify(what) });
			const did = async (run: "preview" | "up" | "refresh" | "destroy") => {
				const outcome = await stack[run]();
				assert.equal(outcome.exitCode, 0, outcome.output);
				return listSteps(outcome);
			};
			await declare(declared);
			await stack.importState(restoreDeployment(site, released));
			assert.deepEqual(await did("refresh"), listRecordedByRefresh(released));
			assert.deepEqual(await did("refresh"), []);
			assert.deepEqual(await did("preview"), []);

			const changed = Object.keys(declared).filter((name) => name in CHANGES);
			assert.ok(changed.length > 0);
			await declare(
				Object.fromEntries(
					Object.entries(declared).map(([name, args]) => [name, { ...args, ...CHANGES[name] }]),
				),
			);
			const fleet = FLEETS[program];
			const updated = fleet === undefined ? changed : [fleet];
			assert.deepEqual(
				await did("up"),
				updated.map((name) => `update ${name}`),
			);
			assert.equal((await did("destroy")).length, fleet !== undefined ? 1 : Object.keys(declared).length);
			assert.deepEqual([...emulator.control.devices.list(), ...emulator.control.machines.list()], []);
		},
	);
}

/** Lists the steps of a refresh that finds everything unchanged: state without the tenant of its machines gets it. */
function listRecordedByRefresh({ state }: Released): string[] {
	return (state.deployment.resources ?? [])
		.filter(({ type, outputs = {} }) => type.includes(":Autopilot") && !("tenantId" in outputs))
		.map(({ urn }) => `refresh ${urn.split("::").at(-1)} update`)
		.sort();
}
