import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { toManagedValues } from "../../../provider/graph/autopilotIdentity.inputs.ts";
import { createFakeTenant } from "./fakeTenant.ts";
import { createLiveMachine, ID } from "./machines.ts";

const UPDATE = `POST machines/${ID}/updateDeviceProperties`;
const UNASSIGN = `POST machines/${ID}/unassignUserFromDevice`;
const USER = { userPrincipalName: "ada@contoso.com", addressableUserName: "Ada" };

describe("LiveStrategy", () => {
	/** Sends an update, and returns the actions with their bodies. */
	const sendUpdate = async (
		from: Readonly<Record<string, unknown>>,
		to: Parameters<typeof toManagedValues>[0],
	) => {
		const { context, calls, sentRoutes } = createFakeTenant({
			[UPDATE]: [undefined],
			[UNASSIGN]: [undefined],
		});
		await context.strategy.sendUpdate({ from: createLiveMachine(from), to: toManagedValues(to) });
		return sentRoutes().map((route, at) => [route.split("/").at(-1), calls[at]?.body]);
	};
	const user = { assignedUserPrincipalName: "ada@contoso.com", addressableUserName: "Ada" };

	test("changes a machine by one action with all values", async () => {
		assert.deepEqual(await sendUpdate({ ...USER, groupTag: "Kiosk" }, { ...user, groupTag: "Lab" }), [
			["updateDeviceProperties", { ...USER, groupTag: "Lab", displayName: "" }],
		]);
	});

	test("removes a user by the action for that only, if nothing else changes", async () => {
		assert.deepEqual(await sendUpdate({ ...USER, groupTag: "Kiosk" }, { groupTag: "Kiosk" }), [
			["unassignUserFromDevice", undefined],
		]);
	});

	test("removes a user first, and then writes the other values", async () => {
		assert.deepEqual(await sendUpdate({ ...USER, groupTag: "Kiosk" }, { groupTag: "Lab" }), [
			["unassignUserFromDevice", undefined],
			["updateDeviceProperties", { groupTag: "Lab", displayName: "" }],
		]);
		assert.deepEqual(await sendUpdate(USER, { addressableUserName: "Front desk" }), [
			["unassignUserFromDevice", undefined],
			["updateDeviceProperties", { addressableUserName: "Front desk", groupTag: "", displayName: "" }],
		]);
	});

	test("changes a user or the user's display name in place", async () => {
		const other = { ...user, assignedUserPrincipalName: "bob@contoso.com" };
		assert.deepEqual(
			(await sendUpdate(USER, other)).map(([action]) => action),
			["updateDeviceProperties"],
		);
		const { addressableUserName: _, ...unnamed } = user;
		assert.deepEqual(await sendUpdate(USER, unnamed), [
			["updateDeviceProperties", { ...USER, addressableUserName: "", groupTag: "", displayName: "" }],
		]);
	});

	test("changes a display name without a user in place", async () => {
		assert.deepEqual(await sendUpdate({ addressableUserName: "Ada" }, { addressableUserName: "Bob" }), [
			["updateDeviceProperties", { addressableUserName: "Bob", groupTag: "", displayName: "" }],
		]);
	});

	test("removes a display name without a user", async () => {
		assert.deepEqual(await sendUpdate({ addressableUserName: "Ada" }, {}), [
			["unassignUserFromDevice", undefined],
		]);
	});

	test("sends the second of two writes without the etag, which the first one changed", async () => {
		const { context, calls } = createFakeTenant({ [UPDATE]: [undefined], [UNASSIGN]: [undefined] });
		const from = { ...createLiveMachine(USER), etag: 'W/"JzEt"' };
		await context.strategy.sendUpdate({ from, to: toManagedValues({ groupTag: "Lab" }) });
		assert.deepEqual(
			calls.map(({ ifMatch }) => ifMatch),
			['W/"JzEt"', undefined],
		);
	});

	test("does not keep records, and supports every field", () => {
		const { strategy } = createFakeTenant({}).context;
		assert.equal(strategy.keepsRecords, false);
		assert.equal(strategy.fields.length, 4);
	});
});
