import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
	AUTOPILOT_SETTINGS,
	encodeJustification,
	readAutopilotSettings,
} from "../../../provider/graph/settings.ts";
import { createSettingReader } from "../doubles.ts";

type Texts = Readonly<Record<string, string>>;
const read = (config: Texts, env: Texts = {}) => readAutopilotSettings(createSettingReader(config, env));
const MINUTE = 60_000;

test("every setting has a default", () => {
	assert.deepEqual(read({}), {
		strategy: "live",
		cloud: "public",
		onDrift: { policy: "reconcile", setting: "autopilot:onDrift", isConfigured: false },
		limits: { delete: undefined },
		timeouts: { create: 30 * MINUTE, read: 20 * MINUTE, update: 20 * MINUTE, delete: 45 * MINUTE },
		caFile: undefined,
		approvalJustification: undefined,
		origin: "https://graph.microsoft.com",
		scope: "https://graph.microsoft.com/.default",
	});
});

test("every setting can be set", () => {
	const settings = read({
		"autopilot:strategy": "upload-rooted",
		"autopilot:cloud": "china",
		"autopilot:onDrift": "fail",
		"autopilot:maxDeletes": "3",
		"autopilot:timeouts": '{"delete":"1h"}',
		"autopilot:caFile": __filename,
		"autopilot:approvalJustification": "app only test",
		"autopilot:endpoint": " https://127.0.0.1:8443/ ",
	});
	assert.deepEqual(settings, {
		strategy: "upload-rooted",
		cloud: "china",
		onDrift: { policy: "fail", setting: "autopilot:onDrift", isConfigured: true },
		limits: { delete: { max: 3, setting: "autopilot:maxDeletes" } },
		timeouts: { create: 30 * MINUTE, read: 20 * MINUTE, update: 20 * MINUTE, delete: 60 * MINUTE },
		caFile: __filename,
		approvalJustification: "YXBwIG9ubHkgdGVzdA==",
		origin: "https://127.0.0.1:8443",
		scope: "https://microsoftgraph.chinacloudapi.cn/.default",
	});
});

test("every setting except those for sign-in has an environment variable of its own", () => {
	const { strategy, onDrift, origin } = read(
		{},
		{
			AUTOPILOT_STRATEGY: "upload",
			AUTOPILOT_ON_DRIFT: "fail",
			AUTOPILOT_ENDPOINT: "http://127.0.0.1:8080",
		},
	);
	assert.deepEqual([strategy, onDrift.policy, origin], ["upload", "fail", "http://127.0.0.1:8080"]);
});

describe("the cloud determines the origin of Graph and the scope of tokens", () => {
	const hosts: readonly [cloud: string, host: string][] = [
		["public", "graph.microsoft.com"],
		["usgovernment", "graph.microsoft.us"],
		["usgovernmentdod", "dod-graph.microsoft.us"],
		["china", "microsoftgraph.chinacloudapi.cn"],
	];
	for (const [cloud, host] of hosts) {
		test(`${cloud} uses ${host}`, () => {
			for (const { origin, scope } of [
				read({ "autopilot:cloud": cloud }),
				read({}, { ARM_ENVIRONMENT: cloud }),
			])
				assert.deepEqual([origin, scope], [`https://${host}`, `https://${host}/.default`]);
		});
	}
});

describe("an invalid setting is reported by its key", () => {
	const faults: readonly [key: string, text: string, expected: RegExp][] = [
		["autopilot:strategy", "patch", /must be "live" or "upload" or "upload-rooted"$/],
		["autopilot:cloud", "german", /must be "public" or "usgovernment" or "usgovernmentdod" or "china"$/],
		["autopilot:endpoint", "http://graph.example", /is plain http to graph\.example/],
		["autopilot:onDrift", "ignore", /must be "reconcile" or "fail"/],
		["autopilot:timeouts", "5", /a duration is written like/],
		["autopilot:caFile", "/no/such.pem", /names the file "\/no\/such\.pem", which does not exist here \(/],
		["autopilot:approvalJustification", "two\nlines", /has a line break or another control character/],
	];
	for (const [key, text, expected] of faults) {
		test(key, () => assert.throws(() => read({ [key]: text }), { key, message: expected }));
	}
});

test("every setting has a key in the namespace, a variable, an example and a meaning", () => {
	for (const setting of Object.values(AUTOPILOT_SETTINGS)) {
		assert.match(setting.key, /^autopilot:[a-z][A-Za-z]+$/);
		assert.ok(setting.env.length > 0 && setting.example !== "", setting.key);
		assert.match(setting.description, /\.$/);
	}
});

test("examples of settings with a key, a token or a password are secrets", () => {
	const secret = Object.values(AUTOPILOT_SETTINGS).filter((setting) => "secret" in setting);
	assert.deepEqual(
		secret.map(({ key }) => key),
		["autopilot:clientSecret", "autopilot:clientCertificatePassword", "autopilot:oidcToken"],
	);
});

test("the stricter value of a setting that protects machines applies", () => {
	const both = (configuration: string, environment: string, most: [string, string]) =>
		readAutopilotSettings(
			createSettingReader(
				{ "autopilot:onDrift": configuration, "autopilot:maxDeletes": most[0] },
				{ AUTOPILOT_ON_DRIFT: environment, AUTOPILOT_MAX_DELETES: most[1] },
			),
		);
	for (const settings of [both("reconcile", "fail", ["9", "1"]), both("fail", "reconcile", ["1", "9"])]) {
		assert.equal(settings.onDrift.policy, "fail");
		assert.equal(settings.limits.delete?.max, 1);
	}
});

const KEY = "autopilot:approvalJustification";
const header = (text: string): string => encodeJustification(KEY, text);

test("a justification is sent in Base64", () => {
	assert.equal(header("app only test"), "YXBwIG9ubHkgdGVzdA==");
});

test("a justification can be in any language, and is trimmed", () => {
	const text = "Neue Geräte für Łódź – 新しい端末";
	assert.equal(Buffer.from(header(`  ${text}\n`), "base64").toString("utf8"), text);
	assert.match(header(text), /^[A-Za-z0-9+/]+=*$/);
});

for (const [title, text] of [
	["a line break", "one\ntwo"],
	["a carriage return with a header after it", "one\r\nx-forged: yes"],
	["a null character", "one\u0000two"],
	["a control character beyond ASCII", "one\u0085two"],
] as const) {
	test(`${title} is refused`, () => {
		assert.throws(() => header(text), {
			key: KEY,
			message: `${KEY} has a line break or another control character; write it on one line`,
		});
	});
}

test("a blank justification is refused", () => {
	assert.throws(() => header(" \n"), {
		key: KEY,
		message: `${KEY} is blank; say in a few words why the change is made, or remove it`,
	});
});

test("a justification has at most 1024 characters", () => {
	assert.equal(Buffer.from(header("é".repeat(1024)), "base64").toString("utf8").length, 1024);
	assert.throws(() => header("é".repeat(1025)), {
		key: KEY,
		message: `${KEY} has 1025 characters; Intune takes 1024 at most, so shorten it`,
	});
});
