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

/** What the setting above is answered with, by whichever function reads it first. */
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

	test("of many does, too", async () => {
		await assert.rejects(listAutopilotIdentities(), isAboutTheSetting);
		await assert.rejects(listAutopilotIdentities({ groupTag: "Kiosk" }), isAboutTheSetting);
	});

	test("that names no machine, or one in two ways, is refused before anything is read", async () => {
		const refusals: readonly [unknown, string][] = [
			[{}, "getAutopilotIdentity takes id or serialNumber, one of them; it got neither"],
			[{ id: undefined }, "getAutopilotIdentity takes id or serialNumber, one of them; it got neither"],
			[
				{ id: "a", serialNumber: "b" },
				"getAutopilotIdentity takes id or serialNumber, one of them; it got both",
			],
			[{ id: "" }, "id of getAutopilotIdentity takes a text that is not empty"],
			[{ serialNumber: 7 }, "serialNumber of getAutopilotIdentity takes a text that is not empty"],
		];
		for (const [args, message] of refusals)
			await assert.rejects(getAutopilotIdentity(args as GetAutopilotIdentityArgs), {
				name: "TypeError",
				message,
			});
	});
});
