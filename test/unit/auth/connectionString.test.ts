import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseConnectionString } from "../../../provider/auth/connectionString.ts";

const parse = (text: string) => parseConnectionString({ key: "iothub:connectionString" }, text);
const KEY = "c2VjcmV0IGtleSBvZiBhIHBvbGljeQ==";

test("the fields can have any order, case and spacing, and a value can contain =", () => {
	const fields = ["HostName=fleet.azure-devices.net", "SharedAccessKeyName=ops", `SharedAccessKey=${KEY}`];
	const expected = { hostName: "fleet.azure-devices.net", access: { policy: "ops", key: KEY } };
	fc.assert(
		fc.property(fc.shuffledSubarray(fields, { minLength: 3 }), (order) => {
			assert.deepEqual(parse(order.join(";")), expected);
			assert.deepEqual(parse(`${order.join(" ; ")};`), expected);
		}),
	);
	assert.deepEqual(
		parse(`hostname=fleet.azure-devices.net;sharedaccesskeyname=ops;SHAREDACCESSKEY=${KEY}`),
		expected,
	);
});

test("a signature may replace the key", () => {
	const signature = "SharedAccessSignature sr=fleet.azure-devices.net&sig=abc%3D&se=1&skn=ops";
	assert.deepEqual(parse(`HostName=fleet.azure-devices.net;SharedAccessSignature=${signature}`).access, {
		signature,
	});
});

test("only a host outside the clouds, such as an emulator, can have a port", () => {
	for (const hostName of ["127.0.0.1:8443", "hub.example:8443", "azure-devices.example:1"])
		assert.equal(
			parse(`HostName=${hostName};SharedAccessKeyName=ops;SharedAccessKey=${KEY}`).hostName,
			hostName,
		);
});

const HUB = "HostName=fleet.azure-devices.net";
const POLICY = "SharedAccessKeyName=ops";
const VALID = `${HUB};${POLICY};SharedAccessKey=${KEY}`;
const TOKEN = "SharedAccessSignature sr=fleet.azure-devices.net&sig=c2VjcmV0IGtleSBvZiBh&se=1&skn=ops";
const withKey = (key: string): string => `${HUB};${POLICY};SharedAccessKey=${key}`;
const withHost = (host: string): string => `HostName=${host};${POLICY};SharedAccessKey=${KEY}`;

const faults: readonly [title: string, text: string, expected: RegExp][] = [
	[
		"of a device",
		`${HUB};DeviceId=d;SharedAccessKey=${KEY}`,
		/is a connection string of a device \(it has a DeviceId\)/,
	],
	["of a device with a certificate", `${HUB};DeviceId=d;x509=true`, /of a device \(it has a DeviceId\)/],
	["of a module", `${HUB};DeviceId=d;ModuleId=m;SharedAccessKey=${KEY}`, /of a module of a device/],
	[
		"with a field of devices",
		`${VALID};GatewayHostName=g`,
		/of a device \(it has a field that only devices have\)/,
	],
	[
		"of Event Hubs",
		`Endpoint=sb://x.servicebus.windows.net/;${POLICY};SharedAccessKey=${KEY}`,
		/of Event Hubs or Service Bus/,
	],
	[
		"of the built-in endpoint",
		`Endpoint=sb://x/;${POLICY};SharedAccessKey=${KEY};EntityPath=e`,
		/also if it is of a hub's built-in endpoint/,
	],
	[
		"with the host of Event Hubs",
		withHost("x.servicebus.windows.net"),
		/of Event Hubs or Service Bus; it must be one of a hub/,
	],
	["of DPS", withHost("plant.azure-devices-provisioning.net"), /of the Device Provisioning Service/],
	[
		"of the global host of DPS",
		withHost("global.azure-devices-provisioning.cn"),
		/of the Device Provisioning Service/,
	],
	[
		"of a storage account",
		`DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${KEY}`,
		/of a storage account/,
	],

	["behind export", `export IOTHUB_CONNECTION_STRING=${VALID}`, /begins with the name of a variable/],
	["behind export and a quote", `export X='${VALID}'`, /begins with the name of a variable/],
	["behind a name", `IOTHUB_CONNECTION_STRING=${VALID}`, /begins with the name of a variable/],
	["behind a name of PowerShell", `$env:X = "${VALID}"`, /begins with the name of a variable/],
	["in double quotes", `"${VALID}"`, /has quotation marks around it/],
	["in single quotes", `'${VALID}'`, /has quotation marks around it/],
	["in typographic quotes", `\u201c${VALID}\u201d`, /has quotation marks around it/],
	["with one quote", `${VALID}'`, /has quotation marks around it/],
	[
		"in JSON",
		`{"connectionString": "${VALID}"}`,
		/is JSON, as `az iot hub connection-string show` prints it without/,
	],
	["and another one behind a comma", `${VALID},${VALID}`, /has two connection strings on one line/],
	["and another one behind a space", `${VALID} ${VALID}`, /has two connection strings on one line/],
	[
		"and another one behind a semicolon",
		`${VALID};${VALID}`,
		/has HostName twice; write each connection string on a line/,
	],
	["that is a token", TOKEN, /is a SharedAccessSignature alone/],
	["that is only a key", KEY, /has no HostName; it does not look like/],

	[
		"cut at the first semicolon",
		HUB,
		/has a HostName and nothing else: without quotes, a shell ends the value at the first `;`/,
	],
	["with nothing but a host", `${HUB};`, /has neither SharedAccessKeyName and SharedAccessKey nor/],
	["without a host", `${POLICY};SharedAccessKey=${KEY}`, /has no HostName/],
	["with an empty host", `HostName=;${POLICY};SharedAccessKey=${KEY}`, /has an empty HostName/],
	["without a policy", `${HUB};SharedAccessKey=${KEY}`, /has no SharedAccessKeyName, the policy of its key/],
	[
		"with an empty policy",
		`${HUB};SharedAccessKeyName=;SharedAccessKey=${KEY}`,
		/has an empty SharedAccessKeyName/,
	],
	["without a key", `${HUB};${POLICY}`, /has no SharedAccessKey, the key of its policy/],
	["with an empty key", withKey(""), /has an empty SharedAccessKey,/],
	["with a policy twice", `${VALID};${POLICY}`, /has SharedAccessKeyName twice; keep one/],
	["with a key twice", `${VALID};sharedaccesskey=${KEY}`, /has SharedAccessKey twice; keep one/],
	[
		"with two ways to sign in",
		`${VALID};SharedAccessSignature=${TOKEN}`,
		/has both a SharedAccessKey and a SharedAccessSignature/,
	],
	[
		"with a misspelt name",
		`${HUB};SharedAcessKeyName=ops;SharedAccessKey=${KEY}`,
		/part 2 of 3 has an unknown name; SharedAccessKeyName resembles it/,
	],
	[
		"with an unknown name",
		`${VALID};Policy=ops`,
		/part 4 of 4 has an unknown name; the fields are HostName, SharedAccessKeyName,/,
	],
	["with a key without its name", `${HUB};${POLICY};${KEY}`, /part 3 of 3 has an unknown name/],
	[
		"with a part that is no field",
		`${HUB};${POLICY};c2VjcmV0IGtleSBvZiBh`,
		/part 3 of 3 is not a field \(Name=value\)/,
	],

	[
		"with a scheme",
		withHost("https://fleet.azure-devices.net"),
		/HostName with a scheme .*; write only HostName=fleet\.azure-devices\.net\./,
	],
	[
		"with a scheme and more",
		withHost("HTTPS://fleet.azure-devices.net:443/devices"),
		/HostName with a scheme .*only HostName=fleet\.azure-devices\.net\./,
	],
	[
		"with a scheme and a secret",
		withHost(`https://u:${KEY}@h/`),
		/HostName with a scheme .*; write only the name of the host\./,
	],
	[
		"with a path",
		withHost("fleet.azure-devices.net/devices"),
		/HostName with a path; write only HostName=fleet\.azure-devices\.net\./,
	],
	[
		"with a port",
		withHost("fleet.service.azure-devices.net:443"),
		/HostName with a port; write only HostName=fleet\.service\.azure-devices\.net\./,
	],

	["with a masked key", withKey("****"), /SharedAccessKey that is masked/],
	["with a key masked in part", withKey("c2VjcmV0IGtl****"), /SharedAccessKey that is masked/],
	["with an elided key", withKey("c2VjcmV0IGtl..."), /SharedAccessKey that is masked/],
	["with a placeholder", withKey("<key>"), /SharedAccessKey that is a placeholder/],
	["with a quoted key", withKey(`"${KEY}"x`), /SharedAccessKey that contains a quotation mark/],
	[
		"with a URL-encoded key",
		withKey("c2VjcmV0IGtl%2BSBvZiBhIHBvbGljeQ=="),
		/is URL-encoded; decode it: %2B is \+/,
	],
	["with URL-encoded padding", withKey(KEY.replaceAll("=", "%3D")), /is URL-encoded/],
	[
		"with a space in the key",
		withKey("c2VjcmV0IGtl SBvZiBhIHBvbGljeQ=="),
		/contains white space.*may have been a \+/,
	],
	["with a key of base64url", withKey("c2VjcmV0IGtl-SBvZiBhIHBvbGljeQ=="), /is base64 for URLs/],
	[
		"with another character in the key",
		withKey("c2VjcmV0IGtl!SBvZiBhIHBvbGljeQ=="),
		/is not base64: it contains other characters/,
	],
	[
		"with an invisible character in the key",
		withKey("c2VjcmV0\u200bIGtlSBvZiBhIHBvbGljeQ=="),
		/contains the invisible character U\+200B/,
	],
	["with something behind the key", withKey(`${KEY}abcd`), /is not base64: it has = elsewhere/],
	["with too much padding", withKey("c2VjcmV0IGtlSBvZiBhIHBvbGljeQ==="), /is not base64: it has = elsewhere/],
	[
		"with a key without its padding",
		withKey(KEY.replaceAll("=", "")),
		/SharedAccessKey of 30 characters, .*; often the = at its end/,
	],
	[
		"with half of the padding",
		withKey(KEY.slice(0, -1)),
		/SharedAccessKey of 31 characters, .*; often the = at its end/,
	],
	[
		"with a key that was cut",
		withKey(KEY.slice(0, 21)),
		/SharedAccessKey of 21 characters, which is not a multiple of 4, so a part of it is missing\./,
	],

	[
		"with a masked signature",
		`${HUB};SharedAccessSignature=SharedAccessSignature sr=h&sig=****&se=1`,
		/SharedAccessSignature that is masked/,
	],
	[
		"with a signature without its beginning",
		`${HUB};SharedAccessSignature=sr=h&sig=abc&se=1`,
		/does not begin with `SharedAccessSignature sr=`/,
	],
	[
		"with a signature cut by a shell",
		`${HUB};SharedAccessSignature=SharedAccessSignature sr=h`,
		/a shell ends the value at the first `&`/,
	],
];

for (const [title, text, expected] of faults) {
	test(`a connection string ${title} is rejected, and no part of a secret is repeated`, () => {
		assert.throws(
			() => parse(text),
			(error) => {
				assert.ok(error instanceof Error);
				assert.match(error.message, /^iothub:connectionString /);
				assert.match(error.message, expected);
				assert.match(error.message, /'HostName=<hub>\.azure-devices\.net;/);
				assert.doesNotMatch(error.message, /c2Vj|IGtl|WNyZXQ|\*{5}/i);
				return true;
			},
		);
	});
}

test("any text is parsed or rejected with a ConfigurationError that repeats nothing of it but a host name", () => {
	const part = fc.oneof(
		fc.constantFrom(
			HUB,
			POLICY,
			"SharedAccessKey=",
			"DeviceId=",
			";",
			",",
			" ",
			"'",
			"export X=",
			"{",
			"https://",
		),
		fc.string({ unit: "binary", maxLength: 12 }),
		fc.base64String({ minLength: 8, maxLength: 44 }),
	);
	fc.assert(
		fc.property(
			fc.array(part, { maxLength: 8 }),
			fc.base64String({ minLength: 24, maxLength: 44 }),
			(parts, secret) => {
				try {
					parse(`${parts.join("")};SharedAccessKey=${secret}`);
				} catch (error) {
					assert.ok(error instanceof Error && error.name === "ConfigurationError", String(error));
					assert.ok(!error.message.includes(secret.slice(0, 16)), error.message);
				}
			},
		),
	);
});
