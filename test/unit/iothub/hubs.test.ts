import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import { Hubs } from "../../../provider/iothub/hubs.ts";
import { createSettingReader, TestClock } from "../doubles.ts";
import { createKey } from "./devices.ts";

const KEY = createKey(3);
const stringOf = (host: string, policy = "ops"): string =>
	`HostName=${host};SharedAccessKeyName=${policy};SharedAccessKey=${KEY}`;
const hubs = (config: Readonly<Record<string, string>>): Hubs =>
	new Hubs(createSettingReader(config), new TestClock());
const strings = (text: string): Hubs => hubs({ "iothub:connectionString": text });

describe("the default host", () => {
	test("is the configured one, in lower case", () => {
		const both = { "iothub:hostName": "Fleet.Example", "iothub:connectionString": stringOf("other.example") };
		assert.equal(hubs(both).getDefaultHost(), "fleet.example");
	});

	test("is the host of the only connection string", () => {
		assert.equal(strings(stringOf("Fleet.Example")).getDefaultHost(), "fleet.example");
	});

	test("is unknown if there are several hubs, and the error says what to set", () => {
		const several = strings(`${stringOf("a.example")}\n${stringOf("b.example")}`);
		assert.throws(
			() => several.getDefaultHost(),
			/^ConfigurationError: iothub:hostName is not set and iothub:connectionString names several hubs, so /,
		);
	});

	test("is unknown if nothing is set, and the error explains both ways to sign in", () => {
		assert.throws(
			() => hubs({}).getDefaultHost(),
			(error) => {
				assert.ok(error instanceof Error);
				assert.match(error.message, /^iothub:hostName is not set, nor is iothub:connectionString, so /);
				assert.match(error.message, /pulumi config set --secret iothub:connectionString/);
				assert.match(error.message, /environment variable IOTHUB_CONNECTION_STRING/);
				assert.match(error.message, /RegistryRead and RegistryWrite, which `registryReadWrite`/);
				assert.match(
					error.message,
					/role IoT Hub Registry Contributor: Run `pulumi config set iothub:hostName/,
				);
				return true;
			},
		);
	});

	test("must be a host name", () => {
		assert.throws(() => hubs({ "iothub:hostName": "https://fleet.example" }).getDefaultHost(), {
			key: "iothub:hostName",
			message:
				'iothub:hostName is "https://fleet.example", which is not a host name; write it like ' +
				"my-hub.azure-devices.net, without https:// and without a path",
		});
		for (const [cloud, suffix] of [
			["usgovernment", "us"],
			["china", "cn"],
		]) {
			const national = { "iothub:hostName": "no host", "iothub:cloud": cloud ?? "" };
			assert.throws(
				() => hubs(national).getDefaultHost(),
				new RegExp(`like my-hub\\.azure-devices\\.${suffix}, `),
			);
		}
	});
});

describe("a hub", () => {
	test("is used with the connection string of its host, in any case", async () => {
		const several = strings(`${stringOf("a.example", "ops-a")}\r\n\n${stringOf("B.example", "ops-b")}`);
		const hub = several.getHub("b.EXAMPLE");
		assert.equal(hub.hostName, "b.example");
		assert.equal(hub.origin, "https://b.example");
		assert.equal(hub.credential.identity, 'shared access policy "ops-b"');
		assert.match(
			await hub.credential.getAuthorizationHeader(),
			/^SharedAccessSignature sr=b\.example&sig=.*&skn=ops-b$/,
		);
	});

	test("is used with the signature in its connection string", () => {
		const signature = "SharedAccessSignature sr=a.example&sig=x&se=1&skn=ready";
		const hub = strings(`HostName=a.example;SharedAccessSignature=${signature}`).getHub("a.example");
		assert.equal(hub.credential.identity, 'shared access policy "ready"');
	});

	test("without a connection string is used with Entra", () => {
		const hub = strings(stringOf("a.example")).getHub("b.azure-devices.net");
		assert.equal(hub.credential.scheme, "entra");
	});

	test("has the configured endpoint as its origin", () => {
		const emulated = hubs({
			"iothub:connectionString": stringOf("a.example"),
			"iothub:endpoint": "http://127.0.0.1:8080",
		});
		assert.equal(emulated.getHub("a.example").origin, "http://127.0.0.1:8080");
	});
});

describe("the three host names of a hub", () => {
	const CLASSIC = "my-hub.azure-devices.net";
	const SERVICE = "my-hub.service.azure-devices.net";
	const DEVICE = "my-hub.device.azure-devices.net";
	const describeHub = async (configured: Hubs, hostName: string) => {
		const { hostName: name, origin, credential } = configured.getHub(hostName);
		const [, audience] = /sr=([^&]*)/.exec(await credential.getAuthorizationHeader()) ?? [];
		return { name, origin, audience, identity: credential.identity };
	};

	test("are one hub, whose requests and signatures are for the configured name", async () => {
		for (const configured of [CLASSIC, SERVICE]) {
			const hub = strings(stringOf(`${configured.toUpperCase()}.`));
			assert.equal(hub.getDefaultHost(), CLASSIC);
			for (const asked of [CLASSIC, SERVICE, DEVICE])
				assert.deepEqual(await describeHub(hub, asked), {
					name: CLASSIC,
					origin: `https://${configured}`,
					audience: configured,
					identity: 'shared access policy "ops"',
				});
		}
	});

	test("may have a connection string each: the service's is used, and they are still one hub", async () => {
		for (const both of [
			[stringOf(CLASSIC, "old"), stringOf(SERVICE, "new")],
			[stringOf(SERVICE, "new"), stringOf(CLASSIC, "old")],
		]) {
			const hub = strings(JSON.stringify(both));
			assert.equal(hub.getDefaultHost(), CLASSIC);
			assert.deepEqual(await describeHub(hub, CLASSIC), {
				name: CLASSIC,
				origin: `https://${SERVICE}`,
				audience: SERVICE,
				identity: 'shared access policy "new"',
			});
		}
		for (const same of [CLASSIC.toUpperCase(), `${CLASSIC}.`])
			assert.throws(() => strings(`${stringOf(CLASSIC)}\n${stringOf(same)}`), /two connection strings/);
	});

	test("iothub:hostName with the service's name sends requests there, with any sign-in", async () => {
		const settings = { "iothub:hostName": SERVICE, "iothub:connectionString": stringOf(CLASSIC) };
		const { origin, audience } = await describeHub(hubs(settings), CLASSIC);
		assert.deepEqual([origin, audience], [`https://${SERVICE}`, SERVICE]);
		assert.equal(hubs({ "iothub:hostName": SERVICE }).getHub(CLASSIC).origin, `https://${SERVICE}`);
		assert.equal(hubs({ "iothub:hostName": "other.example" }).getHub(SERVICE).origin, `https://${CLASSIC}`);
		const signature = "SharedAccessSignature sr=x&sig=x&se=9999999999&skn=ready";
		const signed = {
			...settings,
			"iothub:connectionString": `HostName=${CLASSIC};SharedAccessSignature=${signature}`,
		};
		assert.equal(hubs(signed).getHub(CLASSIC).origin, `https://${CLASSIC}`);
	});

	test("an endpoint that is one of them is the host for which signatures are created", async () => {
		const config = { "iothub:connectionString": stringOf(CLASSIC) };
		const contact = (endpoint: string) =>
			describeHub(hubs({ ...config, "iothub:endpoint": endpoint }), CLASSIC);
		assert.equal((await contact(`https://${SERVICE}`)).audience, SERVICE);
		assert.equal((await contact(JSON.stringify({ [DEVICE]: `https://${SERVICE}` }))).audience, SERVICE);
		assert.equal((await contact("https://127.0.0.1:8443")).audience, CLASSIC);
		assert.equal((await contact("https://other.service.azure-devices.net")).audience, CLASSIC);
	});

	test("the one for devices is refused in every setting, even beside another", () => {
		const message =
			/has the host name my-hub\.device\.azure-devices\.net, which is only for devices\. Use my-hub\.service\.azure-devices\.net or my-hub\.azure-devices\.net.*`--hostname-type service` and `--hostname-type classic`/;
		const refused = (key: string) => ({ key, message });
		assert.throws(() => strings(stringOf(DEVICE)), refused("iothub:connectionString"));
		assert.throws(
			() => strings(`${stringOf(CLASSIC)}\n${stringOf(DEVICE.toUpperCase())}`),
			refused("iothub:connectionString"),
		);
		const byName = hubs({ "iothub:hostName": DEVICE });
		assert.throws(() => byName.getDefaultHost(), refused("iothub:hostName"));
		assert.throws(() => byName.getHub(CLASSIC), refused("iothub:hostName"));
		assert.equal(byName.getHub("other.azure-devices.net").origin, "https://other.azure-devices.net");
	});
});

describe("a token of Entra is requested with the scope of the cloud", () => {
	const identity = createServer(answerToken);

	before(async () => {
		await new Promise<void>((resolve) => identity.listen(0, "127.0.0.1", resolve));
		process.env["IDENTITY_ENDPOINT"] = `http://127.0.0.1:${(identity.address() as AddressInfo).port}/token`;
		process.env["IDENTITY_HEADER"] = "header";
	});

	after(() => {
		delete process.env["IDENTITY_ENDPOINT"];
		delete process.env["IDENTITY_HEADER"];
		identity.closeAllConnections();
		identity.close();
	});

	const resources: readonly [cloud: string, resource: string][] = [
		["", "https://iothubs.azure.net"],
		["public", "https://iothubs.azure.net"],
		["usgovernment", "https://iothubs.azure.us"],
		["usgovernmentdod", "https://iothubs.azure.us"],
		["china", "https://iothubs.azure.net"],
	];
	for (const [cloud, resource] of resources) {
		test(`${cloud || "none"}: ${resource}`, async () => {
			const settings = {
				"iothub:credential": "managedIdentity",
				"iothub:cloud": cloud,
				"iothub:endpoint": '{"a.example":"https://a.example"}',
			};
			const authorization = await hubs(settings).getHub("a.example").credential.getAuthorizationHeader();
			assert.equal(authorization, `Bearer token for ${resource}`);
		});
	}

	test("an unknown cloud is an error, except with a connection string", () => {
		const settings = { "iothub:connectionString": stringOf("a.example"), "iothub:cloud": "german" };
		assert.equal(hubs(settings).getHub("a.example").credential.scheme, "sas");
		assert.throws(() => hubs(settings).getHub("b.example"), { key: "iothub:cloud" });
	});
});

describe("a token of Entra", () => {
	const getScheme = (host: string, config: Readonly<Record<string, string>> = {}): string =>
		hubs(config).getHub(host).credential.scheme;

	const CLOUD_HOSTS = [
		["public", "azure-devices.net"],
		["usgovernment", "azure-devices.us"],
		["usgovernmentdod", "azure-devices.us"],
		["china", "azure-devices.cn"],
	] as const;
	for (const [cloud, domain] of CLOUD_HOSTS) {
		test(`is for hubs of the cloud ${cloud} only`, () => {
			const config = { "iothub:cloud": cloud };
			for (const label of ["my-hub", "MY-HUB", "h.service", "h.device", "device", "service.service"])
				assert.equal(getScheme(`${label}.${domain}`, config), "entra", label);
			for (const [, other] of CLOUD_HOSTS.filter(([, each]) => each !== domain))
				assert.throws(() => getScheme(`my-hub.${other}`, config), {
					key: "iothub:endpoint",
					message: /For this host, iothub:cloud must be "/,
				});
		});
	}

	const FOREIGN_HOSTS = [
		"evil.example",
		"azure-devices.net",
		".azure-devices.net",
		"evil-azure-devices.net",
		"x.azure-devices.net.evil.example",
		"x.azure-devices.net:8443",
		"x.azure-devices.net@evil.example",
		"evil.example/x.azure-devices.net",
		"evil.example\\x.azure-devices.net",
		"evil.example?x.azure-devices.net",
		"evil.example#x.azure-devices.net",
		"evil.example\n.azure-devices.net",
		"evil.example/.service.azure-devices.net",
		"evil.example:1@x.service.azure-devices.net",
		"user:password@x.azure-devices.net",
		"evil.example%2f.azure-devices.net",
		"a.b.azure-devices.net",
		"x.azure-devices\u3002net",
		"x.azure-devıces.net",
		"127.0.0.1",
		"[::1]",
		"localhost",
		"169.254.169.254",
		"",
	];
	for (const host of FOREIGN_HOSTS) {
		test(`is not for ${JSON.stringify(host)}`, () => {
			assert.throws(() => getScheme(host), {
				name: "ConfigurationError",
				key: "iothub:endpoint",
				scope: "service",
				message:
					/, so the sign-in was not tried\. .*config set iothub:endpoint '\{"<host>":"https:\/\/<host>"\}'/s,
			});
		});
	}

	test("is for the hub under an absolute domain name, to which requests go without the dot", () => {
		const { origin, credential } = hubs({}).getHub("x.service.azure-devices.net.");
		assert.deepEqual([origin, credential.scheme], ["https://x.azure-devices.net", "entra"]);
	});

	test("is not for another host after a hub received one", () => {
		const several = hubs({});
		const { credential } = several.getHub("my-hub.azure-devices.net");
		assert.throws(() => several.getHub("evil.example"), { key: "iothub:endpoint" });
		assert.equal(several.getHub("other.service.azure-devices.net").credential, credential);
	});

	test("is for a host that iothub:endpoint names, and for any if it is one origin for all hubs", () => {
		const one = { "iothub:endpoint": '{"Hub.Example":"https://10.0.0.4"}' };
		assert.equal(hubs(one).getHub("hub.example").origin, "https://10.0.0.4");
		assert.equal(getScheme("hub.example", one), "entra");
		assert.throws(() => getScheme("other.example", one), { key: "iothub:endpoint" });
		const all = hubs({ "iothub:endpoint": "https://proxy.example" }).getHub("other.example");
		assert.deepEqual([all.origin, all.credential.scheme], ["https://proxy.example", "entra"]);
	});

	test("is not for another host either after the sign-in for a hub of the cloud, which all hubs share", () => {
		const shared = hubs({});
		assert.equal(
			shared.getHub("a.azure-devices.net").credential,
			shared.getHub("b.azure-devices.net").credential,
		);
		assert.throws(() => shared.getHub("a.example"), { key: "iothub:endpoint" });
	});

	test("is not for the host of iothub:hostName if it is of no cloud", () => {
		assert.throws(() => getScheme("hub.example", { "iothub:hostName": "hub.example" }), {
			key: "iothub:endpoint",
		});
	});

	test("is refused without repeating secrets or a long text from a state", () => {
		const host = `x;SharedAccessKey=${KEY};${"a.".repeat(5_000)}example`;
		assert.throws(
			() => getScheme(host),
			({ message }: Error) => !message.includes(KEY.slice(0, 20)) && message.length < 1_200,
		);
	});
});

/** Responds like the managed identity of an App Service, with a token that names its resource. */
function answerToken({ url }: IncomingMessage, response: ServerResponse): void {
	const resource = new URL(url ?? "", "http://127.0.0.1").searchParams.get("resource");
	const expires = Math.floor(Date.now() / 1_000) + 3_600;
	const token = { access_token: `token for ${resource}`, expires_on: `${expires}`, token_type: "Bearer" };
	response.setHeader("content-type", "application/json");
	response.end(JSON.stringify({ ...token, resource }));
}

describe("several connection strings", () => {
	test("can be a JSON list, as `pulumi config set --path` writes it", () => {
		const list = strings(JSON.stringify([stringOf("a.example", "ops-a"), stringOf("b.example", "ops-b")]));
		assert.equal(list.getHub("a.example").credential.identity, 'shared access policy "ops-a"');
		assert.equal(list.getHub("b.example").credential.identity, 'shared access policy "ops-b"');
	});

	test("for one hub are refused", () => {
		assert.throws(() => strings(`${stringOf("a.example")}\n${stringOf("A.example")}`), {
			message: "iothub:connectionString contains two connection strings for the same hub; keep one",
		});
	});

	test("in a list that cannot be parsed are refused without showing them", () => {
		for (const text of [`["${stringOf("a.example")}"`, `[{"a":"${stringOf("a.example")}"}]`]) {
			assert.throws(() => strings(text), {
				message: "iothub:connectionString begins with [ but is not a JSON list of strings",
			});
		}
	});
});

describe("the error for a connection string", () => {
	const CUT = "HostName=a.example";
	const getMessage = (
		config: Readonly<Record<string, string>>,
		env: Readonly<Record<string, string>> = {},
	) => {
		try {
			new Hubs(createSettingReader(config, env), new TestClock());
		} catch (error) {
			return error instanceof Error ? error.message : "";
		}
		return "";
	};

	test("says how to set it, quoted for a shell, and how the Azure CLI prints it", () => {
		const message = getMessage({ "iothub:connectionString": CUT });
		assert.match(message, /^iothub:connectionString has a HostName and nothing else: /);
		assert.match(
			message,
			/ Run `pulumi config set --secret iothub:connectionString 'HostName=<hub>\.azure-devices\.net;SharedAccessKeyName=<policy>;SharedAccessKey=<key>'`, or /,
		);
		assert.match(message, / The Azure CLI prints it: `az iot hub connection-string show .*--output tsv`\.$/);
	});

	test("names the environment variable that contains it", () => {
		assert.match(
			getMessage({}, { IOTHUB_CONNECTION_STRING: CUT }),
			/ Set the environment variable that contains it: `export IOTHUB_CONNECTION_STRING='HostName=<hub>[^']*'`\. /,
		);
	});

	test("tells which of several it is", () => {
		for (const several of [
			`${stringOf("a.example")}\n\n${CUT}`,
			JSON.stringify([stringOf("a.example"), CUT]),
		])
			assert.match(getMessage({ "iothub:connectionString": several }), / It is number 2 of 2\. Run /);
		assert.match(
			getMessage({ "iothub:connectionString": `{\n  "connectionString": "${stringOf("a.example")}"\n}` }),
			/ is JSON, /,
		);
	});

	test("names the setting with the host name that is none", () => {
		assert.match(
			getMessage({ "iothub:connectionString": stringOf("no host") }),
			/^iothub:connectionString has HostName "no host", which is not a host name; /,
		);
	});
});

test("no error about a connection string shows its key", () => {
	const invalid = [
		`HostName=https://a.example;SharedAccessKeyName=ops;SharedAccessKey=${KEY}`,
		`SharedAccessKeyName=ops;SharedAccessKey=${KEY}`,
		`${stringOf("a.example")}\nSharedAccessKey=${KEY}`,
		`[${stringOf("a.example")}]`,
	];
	for (const text of invalid) {
		assert.throws(
			() => strings(text),
			(error) => error instanceof Error && !error.message.includes(KEY),
		);
	}
});
