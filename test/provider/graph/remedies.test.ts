import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { suggestRemedy } from "../../../provider/graph/remedies.ts";

const ASKING = {
	isWrite: true,
	identity: "Microsoft Entra identity (oidc)",
	origin: "https://graph.example",
};

function remedyOf(fault: Partial<Parameters<typeof suggestRemedy>[0]>, isWrite = true): string {
	return suggestRemedy({ status: 400, code: "", message: "", awaitsApproval: false, ...fault }, { ...ASKING, isWrite });
}

describe("what to do about a refusal", () => {
	test("of permission names the one that is needed and who needs it", () => {
		assert.match(
			remedyOf({ status: 403, code: "Forbidden" }),
			/^The Microsoft Entra identity \(oidc\) needs the .*permission DeviceManagementServiceConfig\.ReadWrite\.All, with an administrator's consent/,
		);
		assert.match(
			remedyOf({ status: 403, code: "Forbidden" }, false),
			/permission DeviceManagementServiceConfig\.Read\.All \(or ReadWrite\.All\), with/,
		);
	});

	test("of the token names the cloud, for tokens of one are nothing to another", () => {
		assert.equal(
			remedyOf({ status: 401 }),
			"The token of the Microsoft Entra identity (oidc) was not taken by https://graph.example; autopilot:cloud must " +
				"be the cloud of the tenant.",
		);
	});

	test("for want of a reason names the setting, and that approval must follow", () => {
		const text = "Header 'x-msft-approval-justification' is required to request approval for this action.";
		assert.match(
			remedyOf({ message: text }),
			/^Set autopilot:approvalJustification to the reason\. The tenant has Multi Admin/,
		);
		assert.match(remedyOf({ status: 403, message: text }), /^Set autopilot:approvalJustification/);
	});

	test("that waits for approval says so, whatever its status", () => {
		for (const status of [400, 403]) {
			assert.match(
				remedyOf({ status, awaitsApproval: true }),
				/^The tenant has Multi Admin Approval, under which .* exclude this application/,
			);
		}
	});

	test("because a request for approval waits already says so, and another conflict does not", () => {
		const text = "There is already an approval request for this resource.";
		assert.match(remedyOf({ status: 409, message: text }), /^The tenant has Multi Admin Approval/);
		assert.equal(remedyOf({ status: 409, message: "Sync is in progress." }), "");
		assert.equal(remedyOf({ status: 400, message: text }), "");
	});

	test("of a route names the strategy with the routes that there are", () => {
		for (const fault of [
			{ code: "No method match route template" },
			{ code: "BadRequest", text: "Resource not found for the segment 'importedWindowsAutopilotDevice'." },
		]) {
			assert.match(remedyOf(fault), /^This service does not have that route; autopilot:strategy live/);
		}
	});

	test("of which nothing is known is not guessed", () => {
		for (const fault of [
			{ code: "BadRequest", text: "The group tag is odd." },
			{ status: 404, code: "ResourceNotFound", text: "Resource not found" },
			{ status: 412, code: "ConditionNotMet" },
			{ status: 500, code: "InternalServerError" },
		]) {
			assert.equal(remedyOf(fault), "");
		}
	});
});
