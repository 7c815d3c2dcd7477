import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { describeHowToSet, SettingReader } from "../../../provider/settings/reader.ts";
import { createSetting, createSettingReader } from "../doubles.ts";

const host = createSetting("iothub:hostName", { env: ["IOTHUB_HOST_NAME", "HUB"], example: "<hub>" });

describe("a setting", () => {
	test("comes from the stack's configuration before the environment", () => {
		assert.equal(createSettingReader({ "iothub:hostName": "a" }, { IOTHUB_HOST_NAME: "b" }).get(host), "a");
	});

	test("comes from the first of its variables that is set", () => {
		assert.equal(createSettingReader({}, { IOTHUB_HOST_NAME: "b", HUB: "c" }).get(host), "b");
		assert.equal(createSettingReader({}, { HUB: "c" }).get(host), "c");
	});

	test("counts as not set if it is empty", () => {
		assert.equal(
			createSettingReader({ "iothub:hostName": "" }, { IOTHUB_HOST_NAME: "", HUB: "c" }).get(host),
			"c",
		);
		assert.equal(createSettingReader({ "iothub:hostName": "" }).get(host), undefined);
	});

	test("that is required and missing is reported with the ways to set it", () => {
		assert.equal(createSettingReader({ "iothub:hostName": "a" }).require(host, " (unused)"), "a");
		assert.throws(() => createSettingReader({}).require(host, " (credential oidc needs it)"), {
			code: "ConfigurationError",
			key: "iothub:hostName",
			message:
				"iothub:hostName is not set (credential oidc needs it). Run `pulumi config set iothub:hostName <hub>`, " +
				"or set the environment variable IOTHUB_HOST_NAME.",
		});
	});

	test("of a provider that the program creates is an argument of that provider", () => {
		const config = Object.assign(() => undefined, { isFromProvider: true });
		const reader = new SettingReader({ config, env: {} });
		assert.equal(reader.isFromProvider, true);
		assert.equal(
			reader.describeHowToSet(createSetting("iothub:clientSecret", { secret: true })),
			'Give the resource\'s provider the argument `"iothub:clientSecret": pulumi.secret("<value>")`.',
		);
		assert.match(
			reader.describeHowToSet(host),
			/^Give the resource's provider the argument `"iothub:hostName": "<hub>"`, or set /,
		);
	});

	test("that is secret is set with --secret", () => {
		const secret = createSetting("iothub:clientSecret", { secret: true });
		assert.equal(describeHowToSet(secret), "Run `pulumi config set --secret iothub:clientSecret <value>`.");
	});
});

describe("a setting with allowed values", () => {
	const read = (text: string): unknown =>
		createSettingReader({ "iothub:onDrift": text }).getOneOf(createSetting("iothub:onDrift"), [
			"reconcile",
			"fail",
		]);

	test("is one of them, or not set", () => {
		assert.equal(read("fail"), "fail");
		assert.equal(read(""), undefined);
	});

	test("is reported with the allowed values if it is not one of them", () => {
		assert.throws(() => read("Fail"), {
			message: 'iothub:onDrift is "Fail"; it must be "reconcile" or "fail"',
		});
	});
});

test("a boolean setting is true or false", () => {
	const read = (text: string): unknown =>
		createSettingReader({ "x:flag": text }).getBoolean(createSetting("x:flag"));
	assert.equal(read("true"), true);
	assert.equal(read("false"), false);
	assert.equal(read(""), undefined);
	assert.throws(() => read("yes"), { message: 'x:flag is "yes"; it must be "true" or "false"' });
});

test("a positive integer is a whole number of at least 1", () => {
	const read = (text: string): unknown =>
		createSettingReader({ "x:units": text }).getPositiveInteger(createSetting("x:units"));
	assert.equal(read("1"), 1);
	assert.equal(read("200"), 200);
	assert.equal(read(""), undefined);
	for (const text of ["0", "-1", "1.5", "01", "two", "1e3", "12345678"]) {
		assert.throws(() => read(text), {
			message: `x:units is "${text}"; it must be a whole number of at least 1`,
		});
	}
});

test("a non-negative integer may be 0", () => {
	const read = (text: string): unknown =>
		createSettingReader({ "x:maxDeletes": text }).getNonNegativeInteger(createSetting("x:maxDeletes"));
	assert.deepEqual([read("0"), read("12"), read("")], [0, 12, undefined]);
	for (const text of ["-1", "1.5", "many", "12345678"]) {
		assert.throws(() => read(text), {
			message: `x:maxDeletes is "${text}"; it must be a whole number, 0 for none`,
		});
	}
});

test("an invalid value is reported with the environment variable that holds it", () => {
	const reader = createSettingReader({}, { X_UNITS: "many" });
	const setting = createSetting("x:units", { env: ["X_UNITS"] });
	const start = 'x:units is "many" in the environment variable X_UNITS; it must be ';
	const says = (words: string) => ({ message: `${start}${words}` });
	assert.throws(() => reader.getPositiveInteger(setting), says("a whole number of at least 1"));
	assert.throws(() => reader.getNonNegativeInteger(setting), says("a whole number, 0 for none"));
	assert.throws(() => reader.getBoolean(setting), says('"true" or "false"'));
});

test("a value is returned with its source, and each source can be read separately", () => {
	const reader = createSettingReader({ "iothub:hostName": "a" }, { HUB: "b" });
	assert.deepEqual(reader.getWithSource(host), { text: "a" });
	const [configuration, environment] = reader.splitBySource();
	assert.deepEqual(configuration.getWithSource(host), { text: "a" });
	assert.deepEqual(environment.getWithSource(host), { text: "b", variable: "HUB" });
	assert.equal(createSettingReader({}).getWithSource(host), undefined);
});

test("an environment variable of another program counts as not set if it is empty", () => {
	const reader = createSettingReader({}, { TOKEN: "t", NONE: "" });
	assert.equal(reader.getEnvironmentVariable("TOKEN"), "t");
	assert.equal(reader.getEnvironmentVariable("NONE"), undefined);
	assert.equal(reader.getEnvironmentVariable("OTHER"), undefined);
});
