import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AutopilotError } from "../../../provider/graph/autopilotErrors.ts";
import { deleteMachine } from "../../../provider/graph/delete.ts";
import { ConnectionLost } from "../../../provider/http/errors.ts";
import { CONTENTION, createFakeTenant, createServiceError, type FakeResponse, GONE } from "./fakeTenant.ts";
import { createLiveMachine, createMachineJson, ID } from "./machines.ts";

const DELETE = `DELETE machines/${ID}`;
const GET = `GET machines/${ID}`;
const HERE = createMachineJson();
const UNKNOWN = createServiceError(
	400,
	"BadRequest",
	`Cannot find device with ztd Id ${ID} and accountId a-1 to delete`,
);

/** Starts to delete the machine, with these responses to deletions and reads. */
function startDeletion(
	deletions: readonly FakeResponse[],
	reads: readonly FakeResponse[],
	timeoutMs?: number,
) {
	const fake = createFakeTenant({ [DELETE]: deletions, [GET]: reads }, timeoutMs);
	return { ...fake, result: deleteMachine(fake.context, createLiveMachine()) };
}

describe("a deletion", () => {
	test("is requested once, and ends when the machine is gone", async () => {
		const { result, sentRoutes, clock } = startDeletion([undefined], [HERE, HERE, GONE]);
		await result;
		assert.deepEqual(sentRoutes(), [DELETE, GET, GET, GET]);
		assert.deepEqual(clock.sleeps, [1_000, 2_000]);
	});

	test("does not end because of a proxy's 404", async () => {
		const { result } = startDeletion([undefined], [createServiceError(404, ""), GONE]);
		await assert.rejects(result, /^ServiceError: asking failed.*\(404/);
	});

	test("of a machine that does not exist succeeds", async () => {
		const { result, sentRoutes } = startDeletion([GONE], [GONE]);
		await result;
		assert.deepEqual(sentRoutes(), [DELETE, GET]);
	});

	test("of a machine that the service does not know and does not return succeeds", async () => {
		const { result, sentRoutes } = startDeletion([UNKNOWN], [GONE]);
		await result;
		assert.deepEqual(sentRoutes(), [DELETE, GET, GET]);
	});

	test("of a machine that was just imported is requested until it is accepted", async () => {
		const { result, sentRoutes, clock } = startDeletion([UNKNOWN, UNKNOWN, undefined], [HERE, HERE, GONE]);
		await result;
		assert.equal(sentRoutes().filter((route) => route === DELETE).length, 3);
		assert.deepEqual(clock.sleeps, [15_000, 15_000]);
	});

	test("of a machine that was just imported is retried for a minute after an unknown BadRequest", async () => {
		const untold = createServiceError(400, "BadRequest", "An error has occurred");
		const { result, clock } = startDeletion([untold, untold, undefined], [HERE, HERE, GONE]);
		await result;
		assert.deepEqual(clock.sleeps, [15_000, 15_000]);
		const stays = startDeletion([untold], [HERE]);
		await assert.rejects(stays.result, (thrown) => thrown === untold);
		assert.deepEqual(stays.clock.sleeps, [15_000, 15_000, 15_000, 15_000]);
	});

	test("that cannot succeed later is requested once", async () => {
		for (const error of [
			createServiceError(
				400,
				"BadRequest",
				"Header 'x-msft-approval-justification' is required to request approval",
			),
			createServiceError(400, "No method match route template"),
			createServiceError(400, "malformedEntityTag"),
		]) {
			const { result, clock } = startDeletion([error], [HERE]);
			await assert.rejects(result, (thrown) => thrown === error);
			assert.deepEqual(clock.sleeps, []);
		}
	});

	test("that Intune is too busy for is requested again", async () => {
		const { result, sentRoutes } = startDeletion([CONTENTION, undefined], [HERE, GONE]);
		await result;
		assert.deepEqual(sentRoutes(), [DELETE, GET, DELETE, GET]);
	});

	test("that is refused ends with the service's message", async () => {
		for (const error of [
			createServiceError(400, "BadRequest", "No."),
			createServiceError(403, "Forbidden"),
			createServiceError(412, "resourceModified"),
		]) {
			await assert.rejects(startDeletion([error], [HERE]).result, (thrown) => thrown === error);
		}
	});

	test("that is refused for a reason other than the machine does not read the machine", async () => {
		for (const error of [
			createServiceError(403, "Forbidden"),
			createServiceError(500, "InternalServerError"),
		]) {
			const { result, sentRoutes } = startDeletion([error], [HERE]);
			await assert.rejects(result, (thrown) => thrown === error);
			assert.deepEqual(sentRoutes(), [DELETE]);
		}
	});

	test("whose response was lost throws that error", async () => {
		const lost = new ConnectionLost("deleting failed");
		const { result, sentRoutes } = startDeletion([lost], [HERE]);
		await assert.rejects(result, (thrown) => thrown === lost);
		assert.deepEqual(sentRoutes(), [DELETE]);
	});
});

describe("an enrolled machine", () => {
	const REFUSED = createServiceError(400, "BadRequest", "An error has occurred");
	const device = "0e7c2a4c-8b37-4b2b-9a4e-1f3a6f6d0003";
	const failure = async (now: Readonly<Record<string, unknown>>, error: Error = REFUSED) => {
		const { result } = startDeletion([error], [createMachineJson(now)]);
		return result.then(
			() => assert.fail("it was deleted"),
			(thrown: Error) => thrown,
		);
	};

	test("is not deleted, and the error says what to do with the device first", async () => {
		const error = await failure({ enrollmentState: "enrolled", managedDeviceId: device });
		assert.ok(error instanceof AutopilotError);
		assert.equal(error.code, "StillEnrolled");
		assert.equal(error.cause, REFUSED);
		assert.equal(
			error.message,
			`Machine "5CG1234ABC" was not deleted: it is enrolled in Intune (managed device ${device}). Retire, wipe or delete it ` +
				"there first (Devices, Windows), then run the command again. Microsoft documents this order: Intune, then " +
				`Entra, then Autopilot. (${REFUSED.message})`,
		);
	});

	test("is detected by either of two members", async () => {
		assert.match((await failure({ enrollmentState: "enrolled" })).message, /enrolled in Intune\. Retire/);
		assert.match(
			(await failure({ managedDeviceId: device }, UNKNOWN)).message,
			/enrolled in Intune \(managed/,
		);
	});

	test("does not have the device id of zeros", async () => {
		assert.equal(await failure({ managedDeviceId: "00000000-0000-0000-0000-000000000000" }), REFUSED);
	});

	test("is deleted if the service accepts it", async () => {
		const { result } = startDeletion([undefined], [GONE]);
		await result;
	});
});

describe("a deletion that times out", () => {
	const failure = async (deletions: readonly FakeResponse[]): Promise<AutopilotError> => {
		const { result } = startDeletion(deletions, [HERE], 60_000);
		return result.then(
			() => assert.fail("it was deleted"),
			(error: unknown) => {
				assert.ok(error instanceof AutopilotError);
				return error;
			},
		);
	};

	test("after it was accepted says so, and that the next run continues to wait", async () => {
		const { code, message } = await failure([undefined]);
		assert.equal(code, "NotConfirmed");
		assert.equal(
			message,
			'Deleting machine "5CG1234ABC" timed out before it finished. Run the command again to continue waiting. To wait longer ' +
				"in one run, set autopilot:timeouts. (gave up after 60 s, the time that `timeouts` allows for create. Last: the " +
				"deletion was accepted, but the machine is still listed.)",
		);
	});

	test("without being accepted contains the service's last message", async () => {
		const { code, message } = await failure([UNKNOWN]);
		assert.equal(code, "NotConfirmed");
		assert.match(
			message,
			/^Deleting machine "5CG1234ABC" timed out.* Last: asking failed: Cannot find device .*request id r-9/,
		);
	});
});
