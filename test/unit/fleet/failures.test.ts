import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { formatFailureCounts, formatMemberErrors } from "../../../provider/fleet/failures.ts";
import { PartialError, ResourceOperationError } from "../../../provider/resource/errors.ts";
import { RepeatedFault, type SharedFault } from "../../../provider/sharedFault.ts";

const createFault = (message = "creating a failed. Set the key."): SharedFault =>
	Object.assign(new Error(message), { scope: "service", code: "ServiceError", status: 401 } as const);
const repeat = (fault: SharedFault, name: string, isUntried: boolean): RepeatedFault =>
	new RepeatedFault(`creating ${name}`, { fault, operationName: "creating a" }, { isUntried });

describe("the errors of members", () => {
	test("have a line for a shared fault, and one for each other error", () => {
		const fault = createFault();
		const lost = new ResourceOperationError("OutcomeUnknown", "c may have been created or not", fault);
		const failed = new Map<string, Error>([
			["a", fault],
			["b", repeat(fault, "b", false)],
			["c", lost],
			["d", new PartialError("d", {}, createFault("creating d failed. Set the key."))],
			["e", new Error("refused")],
		]);
		assert.deepEqual(formatMemberErrors(failed), [
			"    a, b, d: creating a failed. Set the key. [ServiceError]",
			"    c: c may have been created or not [OutcomeUnknown]",
			"    e: refused",
		]);
	});

	test("name the member if only one met the fault", () => {
		assert.deepEqual(formatMemberErrors(new Map([["a", createFault()]])), [
			"    a: creating a failed. Set the key. [ServiceError]",
		]);
	});

	test("refer to a fault that was shown before", () => {
		const fault = Object.assign(createFault(), { isReported: true });
		const failed = new Map(["b", "c"].map((name) => [name, repeat(fault, name, true)]));
		assert.deepEqual(formatMemberErrors(failed), [
			"    b, c: creating b was not tried: creating a failed for a reason that affects both. See the error of that operation for the reason and the remedy. [SharedFault]",
		]);
	});
});

describe("the counts of a failure", () => {
	const format = (failed: readonly Error[], untriedCount: number): string =>
		formatFailureCounts(
			{
				failed: new Map(failed.map((error, index) => [`f${index}`, error])),
				untried: new Set(Array.from({ length: untriedCount }, (_, index) => `u${index}`)),
			},
			{ subject: (count) => `${count} of 9 devices`, verb: "failed" },
		);

	test("distinguish failed members from untried ones", () => {
		const fault = createFault();
		const reason = "not tried, since they would fail for the same reason";
		assert.equal(format([fault], 0), "1 of 9 devices failed");
		assert.equal(format([fault, repeat(fault, "b", false)], 7), `2 of 9 devices failed and 7 were ${reason}`);
		assert.equal(format([fault, repeat(fault, "b", true)], 0), `1 of 9 devices failed and 1 was ${reason}`);
		assert.equal(format([repeat(fault, "b", true)], 8), `9 of 9 devices were ${reason}`);
	});
});
