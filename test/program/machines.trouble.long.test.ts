import assert from "node:assert/strict";
import { killProviders } from "./killProvider.ts";
import { testScenario } from "./scenario.ts";
import { locateProgram } from "./site.ts";
import {
	assertHashKept,
	assertNoHash,
	assertRegistered,
	countImports,
	createSeedId,
	generateLongHash,
	getMachine,
	readStateMachines,
} from "./tenant.ts";

const ROOT = { root: locateProgram("machines") };
const [DESK, KIOSK, SOLD, NEW] = ["DESK-1", "KIOSK 2", "SOLD3", "NEW4"] as const;

const [desk, kiosk, sold, fresh] = [
	declareMachine(DESK),
	declareMachine(KIOSK),
	declareMachine(SOLD),
	declareMachine(NEW),
];

function declareMachine(serialNumber: string): Readonly<Record<string, unknown>> {
	return { serialNumber, hardwareIdentifier: generateLongHash(serialNumber), groupTag: "Office" };
}

testScenario(
	"failed imports are reported one by one, the others succeed, and existing machines are left alone until they are adopted",
	[
		{
			run: "up",
			machines: { desk, kiosk, sold, fresh },
			meanwhile({ emulator: { control } }) {
				control.machines.seed([
					{
						id: createSeedId(1),
						serialNumber: DESK,
						hardwareIdentifier: generateLongHash(DESK),
						groupTag: "Theirs",
					},
				]);
				control.machines.markHash(generateLongHash(SOLD), "foreign");
			},
			options: { continueOnError: true },
			exit: 1,
			says: [
				/AutopilotIdentity DESK-1 exists already and was left as it is\. To adopt it .* set `adopt: true`/,
				/Importing machine "SOLD3" failed: the machine is registered in another tenant \(808, ZtdDeviceAssignedToOtherTenant\)\. Its former owner/,
			],
			steps: ["create desk failed", "create kiosk", "create fresh", "create sold failed"],
			see(seen) {
				assert.deepEqual(Object.keys(readStateMachines(seen.state)).sort(), ["fresh", "kiosk"]);
				assertHashKept(seen.state);
				assert.equal(getMachine(seen, DESK).groupTag, "Theirs");
				assert.deepEqual(
					seen.emulator.control.machines.imports(),
					[],
					"no record is left, not even of failures",
				);
			},
		},
		{
			run: "up",
			machines: { desk: { ...desk, adopt: true }, kiosk, fresh },
			steps: ["create desk"],
			see(seen) {
				assertRegistered(seen, seen.state);
				assert.equal(getMachine(seen, DESK).id, createSeedId(1));
				assert.equal(getMachine(seen, DESK).groupTag, "Office");
				assert.equal(countImports(seen.requests), 0, "adopted machines are not imported");
			},
		},
		{
			run: "preview",
			machines: { desk, kiosk, fresh },
			options: { expectNoChanges: true },
			steps: [],
		},
		{ run: "destroy", see: ({ emulator }) => assert.deepEqual(emulator.control.machines.list(), []) },
	],
	ROOT,
);

testScenario(
	"the next run finishes an import that outlasts its run, without a second import",
	[
		{
			run: "up",
			machines: { desk, kiosk },
			config: { "autopilot:timeouts": '{"create":"5s"}' },
			options: { continueOnError: true },
			exit: 1,
			says: [
				/Importing machine "DESK-1" .*the import is still in progress\. Nothing is lost: run the command again/,
			],
			see({ emulator, state, requests }) {
				assert.deepEqual(readStateMachines(state), {});
				assert.ok(
					[1, 2].includes(countImports(requests)),
					"each request has the machines that were queued together",
				);
				assert.equal(emulator.control.machines.imports().length, 2);
			},
		},
		{
			run: "up",
			config: { "autopilot:timeouts": undefined },
			steps: ["create desk", "create kiosk"],
			see(seen) {
				assertRegistered(seen, seen.state);
				assert.equal(countImports(seen.requests), 0, "the run waits for the imports of the first run");
			},
		},
	],
	ROOT,
);

testScenario(
	"Ctrl-C interrupts no import: the run waits for what is under way, and the machines are in state",
	[
		{
			run: "up",
			machines: { desk, kiosk },
			options: (stop) => ({
				signal: stop.signal,
				onEvent({ resourcePreEvent }) {
					if (resourcePreEvent?.metadata.urn.endsWith("::desk")) setTimeout(() => stop.abort(), 3_000);
				},
			}),
			exit: 1,
			says: [/cancel/],
			steps: ["create desk", "create kiosk"],
			see: (seen) => assertRegistered(seen, seen.state),
		},
		{ run: "preview", options: { expectNoChanges: true }, steps: [] },
	],
	ROOT,
);

const killed = {
	title: "a provider that is killed during imports leaves them to the next run, which imports nothing twice",
	incomparable: "each engine has its own message about a provider that is gone",
};

/** Only on Linux can the provider's process be found below either engine. */
if (process.platform === "linux") {
	testScenario(
		killed.title,
		[
			{
				run: "up",
				machines: { desk, kiosk },
				meanwhile: ({ emulator: { control } }) => {
					const stop = control.onRequest(({ method, path }) => {
						// A read of one record, or of a list of both.
						const isLook = method === "GET" && path.includes("/importedWindowsAutopilotDeviceIdentities");
						if (!isLook || control.machines.imports().length < 2) return;
						stop();
						assertProviderKilled();
					});
				},
				options: { continueOnError: true },
				exit: 1,
				see({ emulator, state }) {
					assert.deepEqual(readStateMachines(state), {});
					assert.equal(emulator.control.machines.imports().length, 2);
					assert.equal(emulator.control.machines.list().length, 2);
				},
			},
			{
				run: "up",
				steps: ["create desk", "create kiosk"],
				see(seen) {
					assertRegistered(seen, seen.state);
					assert.equal(countImports(seen.requests), 0);
				},
			},
		],
		{ ...ROOT, incomparable: killed.incomparable },
	);
}

function assertProviderKilled(): void {
	assert.notEqual(killProviders(), 0);
}

testScenario(
	"what the service would reject is rejected before any request, without repeating a hash",
	[
		{
			run: "preview",
			machines: { cut: { serialNumber: DESK, hardwareIdentifier: generateLongHash(DESK).slice(0, 3000) } },
			exit: 1,
			says: [/hardwareIdentifier was cut: it declares a report of \d+ bytes but holds only 2250/],
			see({ requests, outcome }) {
				assert.deepEqual(requests, {});
				assertNoHash([generateLongHash(DESK)], outcome.output);
			},
		},
	],
	ROOT,
);
