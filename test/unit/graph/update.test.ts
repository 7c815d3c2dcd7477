import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
	MANAGED_FIELDS,
	type ManagedValues,
	toManagedValues,
} from "../../../provider/graph/autopilotIdentity.inputs.ts";
import { hasManagedValues, updateMachine } from "../../../provider/graph/update.ts";
import { ConnectionLost } from "../../../provider/http/errors.ts";
import { PartiallyApplied, PreconditionFailed, ResponseLost } from "../../../provider/resource/errors.ts";
import { CONTENTION, createFakeTenant, createServiceError, type FakeResponse, GONE } from "./fakeTenant.ts";
import { createLiveMachine, createMachineJson, ID } from "./machines.ts";

const GET = `GET machines/${ID}`;
const UPDATE = `POST machines/${ID}/updateDeviceProperties`;
const UNASSIGN = `POST machines/${ID}/unassignUserFromDevice`;

const BEFORE = createMachineJson({ groupTag: "Kiosk" });
const AFTER = createMachineJson({ groupTag: "Lab" });
const MINUTE = 60_000;

/** Starts to change the group tag, with these responses to reads and writes. */
function startUpdate(
	reads: readonly FakeResponse[],
	writes: readonly FakeResponse[] = [undefined],
	timeoutMs?: number,
) {
	const fake = createFakeTenant({ [GET]: reads, [UPDATE]: writes }, timeoutMs);
	const to: ManagedValues = toManagedValues({ groupTag: "Lab" });
	const result = updateMachine(fake.context, { from: createLiveMachine({ groupTag: "Kiosk" }), to });
	const countUpdates = () => fake.sentRoutes().filter((route) => route === UPDATE).length;
	return { ...fake, result, countUpdates };
}

describe("an update", () => {
	test("is sent once and ends when it is visible", async () => {
		const { result, sentRoutes, clock } = startUpdate([AFTER]);
		assert.equal((await result).values.groupTag, "Lab");
		assert.deepEqual(sentRoutes(), [UPDATE, GET]);
		assert.deepEqual(clock.sleeps, [0]);
	});

	test("that changes nothing is not sent, whatever the case of the user principal name", async () => {
		const { context, sentRoutes } = createFakeTenant({});
		const from = createLiveMachine({ userPrincipalName: "Ada@Contoso.com" });
		const to = toManagedValues({ assignedUserPrincipalName: "ada@contoso.com" });
		assert.equal(await updateMachine(context, { from, to }), from);
		assert.deepEqual(sentRoutes(), []);
	});

	test("that becomes visible late is not sent again", async () => {
		const { result, countUpdates, clock } = startUpdate([BEFORE, BEFORE, BEFORE, BEFORE, AFTER]);
		await result;
		assert.equal(countUpdates(), 1);
		assert.deepEqual(clock.sleeps, [0, 1_000, 2_000, 5_000, 10_000]);
	});

	test("that is not visible after half a minute is sent again", async () => {
		const { result, countUpdates } = startUpdate([...Array.from({ length: 6 }, () => BEFORE), AFTER]);
		await result;
		assert.equal(countUpdates(), 2);
	});

	test("that was accepted twice and is not visible after ten minutes fails with the machine as it is", async () => {
		const { result, countUpdates, clock } = startUpdate([BEFORE]);
		const began = clock.now();
		await assert.rejects(result, (error) => {
			assert.ok(error instanceof PartiallyApplied);
			assert.equal(error.live.values["groupTag"], "Kiosk");
			assert.equal(
				error.message,
				'Changing machine "5CG1234ABC" cannot be confirmed: the change was sent 2 times but is not visible. Run the ' +
					"command again later: the plan shows what remains to be done.",
			);
			return true;
		});
		assert.equal(countUpdates(), 2);
		assert.ok(clock.now() - began >= 10 * MINUTE);
	});

	test("that times out says what was awaited", async () => {
		const { result } = startUpdate([BEFORE], [undefined], 10_000);
		await assert.rejects(
			result,
			/^DeadlineExceeded: .* the change of machine "5CG1234ABC" is not visible yet\.$/,
		);
	});
});

describe("an update that Intune is too busy for", () => {
	test("is sent again after a read and a delay that doubles, with jitter", async () => {
		const { result, sentRoutes, clock } = startUpdate(
			[BEFORE, BEFORE, AFTER],
			[CONTENTION, CONTENTION, undefined],
		);
		clock.chance = 0.5;
		await result;
		assert.deepEqual(sentRoutes(), [UPDATE, GET, UPDATE, GET, UPDATE, GET]);
		assert.deepEqual(clock.sleeps, [2_000, 0, 4_000, 0, 0]);
	});

	test("fails with the service's message after the last attempt", async () => {
		const { result, countUpdates } = startUpdate([BEFORE], [CONTENTION]);
		await assert.rejects(result, (error) => {
			assert.ok(error instanceof PartiallyApplied);
			assert.match(
				error.message,
				/is not visible \(asking failed: ConditionNotMet \(412, .*request id r-9\)\)\. /,
			);
			return true;
		});
		assert.equal(countUpdates(), 6);
	});

	test("fails with the error of the read if the machine cannot be read, because nothing was changed", async () => {
		const { result } = startUpdate([createServiceError(403, "Forbidden")], [CONTENTION]);
		await assert.rejects(result, /^ServiceError: asking failed: Forbidden/);
	});

	test("is not sent again if somebody else changed the machine", async () => {
		const { result, countUpdates } = startUpdate([createMachineJson({ groupTag: "Theirs" })], [CONTENTION]);
		await assert.rejects(result, (error) => {
			assert.ok(error instanceof PreconditionFailed);
			assert.match(
				error.message,
				/^machine "5CG1234ABC" was changed by somebody else at the same time\. Run/,
			);
			return true;
		});
		assert.equal(countUpdates(), 1);
	});
});

describe("an update whose response was lost", () => {
	const LOST = new ConnectionLost("changing failed: the connection broke");

	test("is confirmed by a read", async () => {
		const { result, sentRoutes, clock } = startUpdate([AFTER], [LOST]);
		assert.equal((await result).values.groupTag, "Lab");
		assert.deepEqual(sentRoutes(), [UPDATE, GET]);
		assert.deepEqual(clock.sleeps, [2_000, 0]);
	});

	test("is sent again if the machine has not changed for long enough", async () => {
		const { result, countUpdates } = startUpdate(
			[...Array.from({ length: 6 }, () => BEFORE), AFTER],
			[LOST, undefined],
		);
		await result;
		assert.equal(countUpdates(), 2);
	});

	test("fails as lost if the machine cannot be read, because it may have been applied", async () => {
		for (const reads of [[createServiceError(403, "Forbidden")], [new ConnectionLost("reading failed")]]) {
			await assert.rejects(startUpdate(reads, [LOST]).result, (error) => {
				assert.ok(error instanceof ResponseLost);
				assert.equal(error.message, LOST.message);
				return true;
			});
		}
	});

	test("waits for the service's retry delay", async () => {
		const { result, clock } = startUpdate([AFTER], [createServiceError(503, "ServiceUnavailable")]);
		await result;
		assert.deepEqual(clock.sleeps, [10_000, 0]);
	});
});

describe("a change by somebody else", () => {
	test("to the same field is detected and not overwritten", async () => {
		const { result, countUpdates, clock } = startUpdate([createMachineJson({ groupTag: "Theirs" })]);
		const began = clock.now();
		await assert.rejects(result, PreconditionFailed);
		assert.equal(countUpdates(), 1);
		assert.ok(clock.now() - began >= 5 * MINUTE, "old values may show for minutes");
	});

	test("that our value replaces in time came first and is not a conflict", async () => {
		const { result } = startUpdate([createMachineJson({ groupTag: "Theirs" }), AFTER]);
		assert.equal((await result).values.groupTag, "Lab");
	});

	test("to a field that is not managed is not a conflict", async () => {
		const ordered = { groupTag: "Kiosk", purchaseOrderIdentifier: "PO-8" };
		const { result, countUpdates } = startUpdate([
			...Array.from({ length: 6 }, () => createMachineJson(ordered)),
			AFTER,
		]);
		await result;
		assert.equal(countUpdates(), 2);
	});

	test("that deletes the machine is detected", async () => {
		for (const [reads, writes] of [
			[[GONE], [undefined]],
			[[AFTER], [GONE]],
		] as const) {
			await assert.rejects(startUpdate(reads, writes).result, PreconditionFailed);
		}
	});

	test("that changes the service's etag is detected", async () => {
		const moved = createServiceError(412, "resourceModified");
		await assert.rejects(startUpdate([BEFORE], [moved]).result, (error) => {
			assert.ok(error instanceof PreconditionFailed);
			assert.equal(error.cause, moved);
			return true;
		});
	});
});

test("a refusal ends the update with the service's message", async () => {
	const { result, sentRoutes } = startUpdate(
		[BEFORE],
		[createServiceError(400, "BadRequest", "The group tag is odd.")],
	);
	await assert.rejects(result, /^ServiceError: asking failed: The group tag is odd\. \(400/);
	assert.deepEqual(sentRoutes(), [UPDATE]);
});

describe("an update in two steps", () => {
	const users = { userPrincipalName: "ada@contoso.com", addressableUserName: "Ada" };
	const to = toManagedValues({ groupTag: "Lab" });
	const from = createLiveMachine({ ...users, groupTag: "Kiosk" });

	test("removes the user first, then writes the other values", async () => {
		const { context, sentRoutes, calls } = createFakeTenant({
			[UNASSIGN]: [undefined],
			[UPDATE]: [undefined],
			[GET]: [AFTER],
		});
		await updateMachine(context, { from, to });
		assert.deepEqual(sentRoutes(), [UNASSIGN, UPDATE, GET]);
		assert.equal(calls[0]?.body, undefined);
		assert.deepEqual(calls[1]?.body, { groupTag: "Lab", displayName: "" });
	});

	test("is completed if Intune was too busy for the second step", async () => {
		const fake = createFakeTenant({
			[UNASSIGN]: [undefined],
			[UPDATE]: [CONTENTION, undefined],
			[GET]: [createMachineJson({ groupTag: "Kiosk" }), AFTER],
		});
		await updateMachine(fake.context, { from, to });
		assert.deepEqual(fake.sentRoutes(), [UNASSIGN, UPDATE, GET, UPDATE, GET]);
	});

	test("is completed if the response of the second step was lost", async () => {
		const half = createMachineJson({ groupTag: "Kiosk" });
		const fake = createFakeTenant({
			[UNASSIGN]: [undefined],
			[UPDATE]: [new ConnectionLost("changing failed"), undefined],
			[GET]: [...Array.from({ length: 6 }, () => half), AFTER],
		});
		await updateMachine(fake.context, { from, to });
		assert.equal(fake.sentRoutes().filter((route) => route === UNASSIGN).length, 1);
		assert.equal(fake.sentRoutes().filter((route) => route === UPDATE).length, 2);
	});
});

test("hasManagedValues compares the given fields only", () => {
	const live = createLiveMachine({
		groupTag: "Kiosk",
		displayName: "k-1",
		userPrincipalName: "ADA@contoso.com",
	});
	const to = toManagedValues({ ...live.values, assignedUserPrincipalName: "ada@contoso.com" });
	assert.equal(hasManagedValues(live, to, MANAGED_FIELDS), true);
	assert.equal(hasManagedValues(live, { ...to, groupTag: "kiosk" }, MANAGED_FIELDS), false);
	assert.equal(hasManagedValues(live, { ...to, displayName: "k-2" }, ["groupTag"]), true);
});
