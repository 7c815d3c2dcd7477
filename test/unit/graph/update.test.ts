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

/** A change of the group tag, where reads and writes answer so. */
function changing(
	reads: readonly FakeResponse[],
	writes: readonly FakeResponse[] = [undefined],
	allowed?: number,
) {
	const fake = createFakeTenant({ [GET]: reads, [UPDATE]: writes }, allowed);
	const to: ManagedValues = toManagedValues({ groupTag: "Lab" });
	const result = updateMachine(fake.context, { from: createLiveMachine({ groupTag: "Kiosk" }), to });
	const sent = () => fake.sentRoutes().filter((route) => route === UPDATE).length;
	return { ...fake, result, sent };
}

describe("a change", () => {
	test("is sent once and is done when it shows", async () => {
		const { result, sentRoutes, clock } = changing([AFTER]);
		assert.equal((await result).values.groupTag, "Lab");
		assert.deepEqual(sentRoutes(), [UPDATE, GET]);
		assert.deepEqual(clock.sleeps, [0]);
	});

	test("of nothing sends nothing, whatever the case of the user's name", async () => {
		const { context, sentRoutes } = createFakeTenant({});
		const from = createLiveMachine({ userPrincipalName: "Ada@Contoso.com" });
		const to = toManagedValues({ assignedUserPrincipalName: "ada@contoso.com" });
		assert.equal(await updateMachine(context, { from, to }), from);
		assert.deepEqual(sentRoutes(), []);
	});

	test("that takes its time is waited for, and not sent again", async () => {
		const { result, sent, clock } = changing([BEFORE, BEFORE, BEFORE, BEFORE, AFTER]);
		await result;
		assert.equal(sent(), 1);
		assert.deepEqual(clock.sleeps, [0, 1_000, 2_000, 5_000, 10_000]);
	});

	test("that left no trace for half a minute is sent again, for a first call was seen to do nothing", async () => {
		const { result, sent } = changing([...Array.from({ length: 6 }, () => BEFORE), AFTER]);
		await result;
		assert.equal(sent(), 2);
	});

	test("that was taken twice and does not show for ten minutes is given up, with the machine as it is", async () => {
		const { result, sent, clock } = changing([BEFORE]);
		const began = clock.now();
		await assert.rejects(result, (error) => {
			assert.ok(error instanceof PartiallyApplied);
			assert.equal(error.live.values["groupTag"], "Kiosk");
			assert.equal(
				error.message,
				'Changing machine "5CG1234ABC" can\'t be confirmed: the change was sent 2 times and does not show. Run the ' +
					"command again later: the plan shows what is left to do.",
			);
			return true;
		});
		assert.equal(sent(), 2);
		assert.ok(clock.now() - began >= 10 * MINUTE);
	});

	test("for which there is no time says what it waited for", async () => {
		const { result } = changing([BEFORE], [undefined], 10_000);
		await assert.rejects(
			result,
			/^DeadlineExceeded: .* the change of machine "5CG1234ABC" does not show yet\.$/,
		);
	});
});

describe("a machine that Intune is busy with", () => {
	test("is changed after a pause that doubles and is nobody else's, and after a look", async () => {
		const { result, sentRoutes, clock } = changing(
			[BEFORE, BEFORE, AFTER],
			[CONTENTION, CONTENTION, undefined],
		);
		clock.chance = 0.5;
		await result;
		assert.deepEqual(sentRoutes(), [UPDATE, GET, UPDATE, GET, UPDATE, GET]);
		assert.deepEqual(clock.sleeps, [2_000, 0, 4_000, 0, 0]);
	});

	test("as often as it is asked is given up with what the service said", async () => {
		const { result, sent } = changing([BEFORE], [CONTENTION]);
		await assert.rejects(result, (error) => {
			assert.ok(error instanceof PartiallyApplied);
			assert.match(
				error.message,
				/does not show \(asking failed: ConditionNotMet \(412, .*request id r-9\)\.\)/,
			);
			return true;
		});
		assert.equal(sent(), 6);
	});

	test("and that can't be read is told as what could not be read, for nothing was changed", async () => {
		const { result } = changing([createServiceError(403, "Forbidden")], [CONTENTION]);
		await assert.rejects(result, /^ServiceError: asking failed: Forbidden/);
	});

	test("and that somebody else changed meanwhile is not changed", async () => {
		const { result, sent } = changing([createMachineJson({ groupTag: "Theirs" })], [CONTENTION]);
		await assert.rejects(result, (error) => {
			assert.ok(error instanceof PreconditionFailed);
			assert.match(
				error.message,
				/^machine "5CG1234ABC" was changed by somebody else at the same time\. Run/,
			);
			return true;
		});
		assert.equal(sent(), 1);
	});
});

describe("an answer that was lost", () => {
	const LOST = new ConnectionLost("changing failed: the connection broke");

	test("is settled by a look", async () => {
		const { result, sentRoutes, clock } = changing([AFTER], [LOST]);
		assert.equal((await result).values.groupTag, "Lab");
		assert.deepEqual(sentRoutes(), [UPDATE, GET]);
		assert.deepEqual(clock.sleeps, [2_000, 0]);
	});

	test("leads to another try once the machine has long been as it was", async () => {
		const { result, sent } = changing([...Array.from({ length: 6 }, () => BEFORE), AFTER], [LOST, undefined]);
		await result;
		assert.equal(sent(), 2);
	});

	test("is told where the machine can't be read, for the change may have been made", async () => {
		for (const reads of [[createServiceError(403, "Forbidden")], [new ConnectionLost("reading failed")]]) {
			await assert.rejects(changing(reads, [LOST]).result, (error) => {
				assert.ok(error instanceof ResponseLost);
				assert.equal(error.message, LOST.message);
				return true;
			});
		}
	});

	test("from a service that wants to be left alone leaves it alone", async () => {
		const { result, clock } = changing([AFTER], [createServiceError(503, "ServiceUnavailable")]);
		await result;
		assert.deepEqual(clock.sleeps, [10_000, 0]);
	});
});

describe("somebody else", () => {
	test("who changes the same machine is noticed, not overwritten", async () => {
		const { result, sent, clock } = changing([createMachineJson({ groupTag: "Theirs" })]);
		const began = clock.now();
		await assert.rejects(result, PreconditionFailed);
		assert.equal(sent(), 1);
		assert.ok(clock.now() - began >= 5 * MINUTE, "old values may show for minutes");
	});

	test("whose value gives way to ours in time came before us", async () => {
		const { result } = changing([createMachineJson({ groupTag: "Theirs" }), AFTER]);
		assert.equal((await result).values.groupTag, "Lab");
	});

	test("who changes what nobody declares here is not in the way", async () => {
		const ordered = { groupTag: "Kiosk", purchaseOrderIdentifier: "PO-8" };
		const { result, sent } = changing([
			...Array.from({ length: 6 }, () => createMachineJson(ordered)),
			AFTER,
		]);
		await result;
		assert.equal(sent(), 2);
	});

	test("who deleted the machine is noticed", async () => {
		for (const [reads, writes] of [
			[[GONE], [undefined]],
			[[AFTER], [GONE]],
		] as const) {
			await assert.rejects(changing(reads, writes).result, PreconditionFailed);
		}
	});

	test("who moved the service's own etag is noticed", async () => {
		const moved = createServiceError(412, "resourceModified");
		await assert.rejects(changing([BEFORE], [moved]).result, (error) => {
			assert.ok(error instanceof PreconditionFailed);
			assert.equal(error.cause, moved);
			return true;
		});
	});
});

test("a refusal ends the change with the service's own words", async () => {
	const { result, sentRoutes } = changing(
		[BEFORE],
		[createServiceError(400, "BadRequest", "The group tag is odd.")],
	);
	await assert.rejects(result, /^ServiceError: asking failed: The group tag is odd\. \(400/);
	assert.deepEqual(sentRoutes(), [UPDATE]);
});

describe("a change in two steps", () => {
	const users = { userPrincipalName: "ada@contoso.com", addressableUserName: "Ada" };
	const to = toManagedValues({ groupTag: "Lab" });
	const from = createLiveMachine({ ...users, groupTag: "Kiosk" });

	test("takes the user off first, then writes the rest", async () => {
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

	test("is finished where Intune was too busy for the second one, for the first one was ours", async () => {
		const fake = createFakeTenant({
			[UNASSIGN]: [undefined],
			[UPDATE]: [CONTENTION, undefined],
			[GET]: [createMachineJson({ groupTag: "Kiosk" }), AFTER],
		});
		await updateMachine(fake.context, { from, to });
		assert.deepEqual(fake.sentRoutes(), [UNASSIGN, UPDATE, GET, UPDATE, GET]);
	});

	test("is finished where the answer of the second one was lost", async () => {
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

test("what a machine shows is compared field by field, of those that can be changed", () => {
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
