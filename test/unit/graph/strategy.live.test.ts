import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { toManagedValues } from "../../../provider/graph/autopilotIdentity.inputs.ts";
import { createFakeTenant } from "./fakeTenant.ts";
import { createLiveMachine, ID } from "./machines.ts";

const UPDATE = `POST machines/${ID}/updateDeviceProperties`;
const UNASSIGN = `POST machines/${ID}/unassignUserFromDevice`;
const USER = { userPrincipalName: "ada@contoso.com", addressableUserName: "Ada" };

describe("the strategy live", () => {
	/** The actions by which a machine gets from one state to another, each with its body. */
	const sent = async (from: Readonly<Record<string, unknown>>, to: Parameters<typeof toManagedValues>[0]) => {
		const { context, calls, sentRoutes } = createFakeTenant({
			[UPDATE]: [undefined],
			[UNASSIGN]: [undefined],
		});
		await context.strategy.sendUpdate({ from: createLiveMachine(from), to: toManagedValues(to) });
		return sentRoutes().map((route, at) => [route.split("/").at(-1), calls[at]?.body]);
	};
	const user = { assignedUserPrincipalName: "ada@contoso.com", addressableUserName: "Ada" };

	test("changes a machine by one action with everything that it is to be", async () => {
		assert.deepEqual(await sent({ ...USER, groupTag: "Kiosk" }, { ...user, groupTag: "Lab" }), [
			["updateDeviceProperties", { ...USER, groupTag: "Lab", displayName: "" }],
		]);
	});

	test("takes a user off by the action for that, and by no other where nothing else is to change", async () => {
		assert.deepEqual(await sent({ ...USER, groupTag: "Kiosk" }, { groupTag: "Kiosk" }), [
			["unassignUserFromDevice", undefined],
		]);
	});

	test("takes a user off first, and then writes what is left to write", async () => {
		assert.deepEqual(await sent({ ...USER, groupTag: "Kiosk" }, { groupTag: "Lab" }), [
			["unassignUserFromDevice", undefined],
			["updateDeviceProperties", { groupTag: "Lab", displayName: "" }],
		]);
		assert.deepEqual(await sent(USER, { addressableUserName: "Front desk" }), [
			["unassignUserFromDevice", undefined],
			["updateDeviceProperties", { addressableUserName: "Front desk", groupTag: "", displayName: "" }],
		]);
	});

	test("changes a user, or how the user is greeted, in place", async () => {
		const other = { ...user, assignedUserPrincipalName: "bob@contoso.com" };
		assert.deepEqual(
			(await sent(USER, other)).map(([action]) => action),
			["updateDeviceProperties"],
		);
		const { addressableUserName: _, ...unnamed } = user;
		assert.deepEqual(await sent(USER, unnamed), [
			["updateDeviceProperties", { ...USER, addressableUserName: "", groupTag: "", displayName: "" }],
		]);
	});

	test("changes a greeting that has no user in place", async () => {
		assert.deepEqual(await sent({ addressableUserName: "Ada" }, { addressableUserName: "Bob" }), [
			["updateDeviceProperties", { addressableUserName: "Bob", groupTag: "", displayName: "" }],
		]);
	});

	test("takes off a greeting that has no user", async () => {
		assert.deepEqual(await sent({ addressableUserName: "Ada" }, {}), [["unassignUserFromDevice", undefined]]);
	});

	test("sends the second of two writes without the etag that the first one moved", async () => {
		const { context, calls } = createFakeTenant({ [UPDATE]: [undefined], [UNASSIGN]: [undefined] });
		const from = { ...createLiveMachine(USER), etag: 'W/"JzEt"' };
		await context.strategy.sendUpdate({ from, to: toManagedValues({ groupTag: "Lab" }) });
		assert.deepEqual(
			calls.map(({ ifMatch }) => ifMatch),
			['W/"JzEt"', undefined],
		);
	});

	test("needs no record once an import is over, and knows every field", () => {
		const { strategy } = createFakeTenant({}).context;
		assert.equal(strategy.keepsRecords, false);
		assert.equal(strategy.fields.length, 4);
	});
});
