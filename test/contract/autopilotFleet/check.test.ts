import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { generateHardwareHash } from "../../emulator/emulator.ts";
import { catchError } from "../scene.ts";
import {
	createMachineFleet,
	declareKiosk,
	declareKiosks,
	declareMachineFleet,
	deployMachineFleet,
	type Machines,
	takeRequestCounts,
	takeWriteCounts,
	withTenant,
} from "./withFleet.ts";

describe("A fleet of machines is refused before any request", () => {
	const refusals: Record<string, [Machines, RegExp]> = {
		"with an unknown property": [
			{ a: declareKiosk("a", { grouptag: "x" }) },
			/^: a: Machine has no property "grouptag"\. Did you mean "groupTag"\?$/,
		],
		"with a property of a single resource that no member has": [
			{ a: declareKiosk("a", { protect: true }) },
			/^: a: Machine has no property "protect"\. It has: serialNumber, (?!.*adopt).*, importId\.$/,
		],
		"with a property of the wrong type": [
			{ a: declareKiosk("a", { groupTag: 7 }) },
			/^: a: groupTag must be a string, got 7/,
		],
		"with a machine that has no hash": [
			{ a: declareKiosk("a"), b: { groupTag: "x" } },
			/^: b: hardwareIdentifier is missing; .* set `adopt: true`\.$/,
		],
		"with an invalid hash": [
			{ a: { hardwareIdentifier: "no hash!" } },
			/^: a: hardwareIdentifier (?!.*no hash!)/,
		],
		"with a blank serial number": [
			{ a: declareKiosk("a", { serialNumber: " " }) },
			/^: a: serialNumber is blank/,
		],
		"with one machine under two names": [
			{ a: declareKiosk("a"), b: { ...declareKiosk("a"), serialNumber: "a" } },
			/^: b: declares the same machine as a; remove one of them\.$/,
		],
		"whose machines declare a property that only the fleet can have": [
			{ a: declareKiosk("a", { adopt: true }) },
			/^: a: adopt cannot be set per machine; set it on the fleet\.$/,
		],
	};
	for (const [how, [machines, reason]] of Object.entries(refusals)) {
		test(
			how,
			withTenant(async (tenant) => {
				const { message } = await catchError(createMachineFleet(tenant).plan(declareMachineFleet(machines)));
				assert.match(message, reason);
				assert.deepEqual(takeRequestCounts(tenant), {});
			}),
		);
	}
	test(
		"with a string that is not JSON, without printing it",
		withTenant(async (tenant) => {
			const { message } = await catchError(
				createMachineFleet(tenant).plan({ machines: JSON.stringify(declareKiosks(1)).slice(1) }),
			);
			assert.equal(message, ": machines is not a JSON object with an object for each id.");
		}),
	);
	test(
		"with many failures, of which fifty are listed, without a hash",
		withTenant(async (tenant) => {
			const faulty = Object.entries(declareKiosks(60)).map(([name, machine]) => [
				name,
				{ ...machine, hardwareIdentifier: `*${machine["hardwareIdentifier"]}` },
			]);
			const { message } = await catchError(
				createMachineFleet(tenant).plan(declareMachineFleet(Object.fromEntries(faulty))),
			);
			const lines = message.split("\n");
			assert.equal(lines.length, 51);
			assert.equal(lines[50], ": 10 more errors are not listed.");
			assert.ok(!message.includes(generateHardwareHash("5CG0007").slice(0, 60)));
		}),
	);
	test(
		"with invalid provider options, which are reported once instead of for every machine",
		withTenant(async (tenant) => {
			const rest = { onDrift: "ignore", adopt: "yes", place: "here" };
			const { message } = await catchError(
				createMachineFleet(tenant).plan(declareMachineFleet(declareKiosks(3), rest)),
			);
			const lines = message.split("\n");
			assert.equal(lines.length, 3);
			assert.match(
				lines[0] ?? "",
				/^place: AutopilotFleet has no property "place"\. It has: machines, adopt, onDrift\.$/,
			);
			assert.match(lines[1] ?? "", /^adopt: /);
			assert.match(lines[2] ?? "", /^onDrift: /);
		}),
	);
	test(
		"with a field that the strategy does not support",
		withTenant(
			async (tenant) => {
				const { message } = await catchError(
					createMachineFleet(tenant).plan(
						declareMachineFleet({ a: declareKiosk("a", { displayName: "lobby" }) }),
					),
				);
				assert.match(message, /^: a: displayName is not supported by autopilot:strategy upload/);
			},
			{ config: { "autopilot:strategy": "upload" } },
		),
	);
});

test(
	"Two machines with one serial number and different hashes are accepted",
	withTenant(async (tenant) => {
		const other = { serialNumber: "a", hardwareIdentifier: generateHardwareHash("a", { model: "Other" }) };
		assert.equal(
			(await createMachineFleet(tenant).plan(declareMachineFleet({ a: declareKiosk("a"), b: other }))).step,
			"create",
		);
	}),
);

describe("The limit of a stack counts machines", () => {
	const config = { "autopilot:maxDeletes": "2" };
	test(
		"that a plan would delete, before any of them is deleted",
		withTenant(
			async (tenant) => {
				const fleet = await deployMachineFleet(tenant, declareKiosks(5));
				const { message } = await catchError(fleet.plan(declareMachineFleet(declareKiosks(2))));
				assert.match(
					message,
					/^autopilot:maxDeletes allows at most 2 to be deleted in one run .* this run needs 3:/,
				);
				assert.deepEqual(takeWriteCounts(tenant), {});
				await fleet.up(declareMachineFleet(declareKiosks(3)));
				assert.equal(tenant.control.machines.list().length, 3);
			},
			{ config },
		),
	);
	test(
		"of the whole fleet before it deletes the first one",
		withTenant(
			async (tenant) => {
				const fleet = await deployMachineFleet(tenant, declareKiosks(3));
				assert.match(
					(await catchError(fleet.destroy())).message,
					/^autopilot:maxDeletes allows at most 2 .* this run needs 3:/,
				);
				assert.deepEqual(takeWriteCounts(tenant), {});
				assert.ok(fleet.state);
			},
			{ config },
		),
	);
});
