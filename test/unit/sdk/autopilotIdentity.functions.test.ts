import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import {
	type GetAutopilotIdentityArgs,
	getAutopilotIdentity,
	listAutopilotIdentities,
} from "../../../provider/sdk/autopilotIdentity.functions.ts";

const OUR_SETTINGS = /^(AUTOPILOT|AZURE|ARM|ACTIONS|IDENTITY)_/;

beforeEach(() => {
	for (const name of Object.keys(process.env)) if (OUR_SETTINGS.test(name)) delete process.env[name];
	pulumi.runtime.setAllConfig({ "autopilot:onDrift": "sometimes" });
});

/** The error for the setting above, from whichever function reads it first. */
function isAboutTheSetting(error: unknown): true {
	assert.ok(pulumi.RunError.isInstance(error));
	assert.ok("code" in error && error.code === "ConfigurationError", String(error));
	assert.match(error.message, /^autopilot:onDrift is "sometimes"/);
	assert.ok(error.cause instanceof Error);
	return true;
}

describe("a lookup", () => {
	test("of one machine reads the stack's configuration, and reports its errors", async () => {
		await assert.rejects(getAutopilotIdentity({ id: "a" }), isAboutTheSetting);
		await assert.rejects(getAutopilotIdentity({ serialNumber: "a" }), isAboutTheSetting);
	});

	test("of many machines does, too", async () => {
		await assert.rejects(listAutopilotIdentities(), isAboutTheSetting);
		await assert.rejects(listAutopilotIdentities({ groupTag: "Kiosk" }), isAboutTheSetting);
	});

	test("that names no machine, or one in two ways, is rejected before any request", async () => {
		const refusals: readonly [unknown, string][] = [
			[{}, "getAutopilotIdentity requires exactly one of id and serialNumber, got neither"],
			[{ id: undefined }, "getAutopilotIdentity requires exactly one of id and serialNumber, got neither"],
			[
				{ id: "a", serialNumber: "b" },
				"getAutopilotIdentity requires exactly one of id and serialNumber, got both",
			],
			[{ id: "" }, "id of getAutopilotIdentity must be a non-empty string"],
			[{ serialNumber: 7 }, "serialNumber of getAutopilotIdentity must be a non-empty string"],
		];
		for (const [args, message] of refusals)
			await assert.rejects(getAutopilotIdentity(args as GetAutopilotIdentityArgs), {
				name: "TypeError",
				message,
			});
	});
});
