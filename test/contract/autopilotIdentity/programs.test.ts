import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import {
	type GetAutopilotIdentityResult,
	getAutopilotIdentity,
	getAutopilotIdentityOutput,
	listAutopilotIdentities,
} from "../../../provider/sdk/autopilotIdentity.functions.ts";
import { type Emulator, type MachineView, startEmulator } from "../../emulator/emulator.ts";
import { withEnvironment } from "../harness/environment.ts";

let emulator: Emulator;
let reception: MachineView;

before(async () => {
	emulator = await startEmulator();
	const [first] = emulator.control.machines.seed([
		{
			serialNumber: "5CG-1",
			groupTag: "Kiosk",
			userPrincipalName: "ada@contoso.example",
			addressableUserName: "Ada",
			displayName: "FRONT-1",
			purchaseOrderIdentifier: "PO 7",
		},
		{ serialNumber: "5CG-12", groupTag: "Kiosk West", manufacturer: "Fabrikam" },
		{ serialNumber: "PF-3" },
	]);
	assert.ok(first);
	reception = emulator.control.machines.enrol(first.id);
});

after(() => emulator.close());

/** Runs a test as a program does that is configured by the environment alone. */
function withConfig(work: () => Promise<void>): () => Promise<void> {
	return () => {
		const { endpoint, header } = emulator.entra.managedIdentity;
		const env = {
			AUTOPILOT_ENDPOINT: emulator.graph.url,
			AUTOPILOT_CREDENTIAL: "managedIdentity",
			IDENTITY_ENDPOINT: endpoint,
			IDENTITY_HEADER: header,
		};
		return withEnvironment(env, work);
	};
}

const listSerials = async (args?: Parameters<typeof listAutopilotIdentities>[0]): Promise<string[]> =>
	(await listAutopilotIdentities(args)).map(({ serialNumber }) => serialNumber);

describe("Programs", () => {
	test(
		"look up a machine by its id or its exact serial number, with volatile values",
		withConfig(async () => {
			const { etag, lastContactedDateTime, ...found } = await getAutopilotIdentity({ id: reception.id });
			const { managedDeviceId, azureActiveDirectoryDeviceId, enrollmentState } = reception;
			const declared = {
				id: reception.id,
				serialNumber: "5CG-1",
				groupTag: "Kiosk",
				assignedUserPrincipalName: "ada@contoso.example",
				addressableUserName: "Ada",
				displayName: "FRONT-1",
				purchaseOrderIdentifier: "PO 7",
			};
			const facts = { enrollmentState, managedDeviceId, azureActiveDirectoryDeviceId };
			assert.deepEqual({ ...found, ...declared, ...facts }, found);
			assert.match(String(lastContactedDateTime), /^20.*Z$/);
			assert.notEqual(etag, "");
			assert.deepEqual(await getAutopilotIdentity({ serialNumber: "5CG-1" }), {
				etag,
				lastContactedDateTime,
				...found,
			});
		}),
	);

	test(
		"find no machine if Graph has none",
		withConfig(async () => {
			const found = await getAutopilotIdentity({ serialNumber: "PF-3" });
			assert.equal(found.groupTag, "");
			for (const name of ["lastContactedDateTime", "managedDeviceId", "displayName", "productKey"] as const)
				assert.equal(found[name], undefined, name);
		}),
	);

	test(
		"look up the machine that an output names",
		withConfig(async () => {
			const id = pulumi.output(Promise.resolve(reception.id));
			const found = await new Promise<GetAutopilotIdentityResult>((resolve) => {
				getAutopilotIdentityOutput({ id }).apply(resolve);
			});
			assert.deepEqual(found, await getAutopilotIdentity({ id: reception.id }));
		}),
	);

	test(
		"list machines by a part of the serial number and by the whole group tag",
		withConfig(async () => {
			assert.deepEqual(await listSerials(), ["5CG-1", "5CG-12", "PF-3"]);
			assert.deepEqual(await listSerials({ serialNumber: "CG-1" }), ["5CG-1", "5CG-12"]);
			assert.deepEqual(await listSerials({ groupTag: "Kiosk" }), ["5CG-1"]);
			assert.deepEqual(await listSerials({ serialNumber: "5CG", groupTag: "" }), []);
			assert.deepEqual(await listSerials({ groupTag: "" }), ["PF-3"]);
		}),
	);

	test(
		"receive only members that list rows report reliably",
		withConfig(async () => {
			const [row] = await listAutopilotIdentities({ groupTag: "Kiosk West" });
			assert.ok(row);
			const { id, ...rest } = row;
			assert.equal(id, emulator.control.machines.find("5CG-12")[0]?.id);
			assert.deepEqual(rest, { serialNumber: "5CG-12", groupTag: "Kiosk West", manufacturer: "Fabrikam" });
		}),
	);
});
