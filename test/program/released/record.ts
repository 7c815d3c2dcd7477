/**
 * Deploys one stack of each kind on the stand-in before a release and stores their states under test/fixtures/state:
 * `npx tsx test/program/released/record.ts`. Existing states are never changed, because stacks of users look like them.
 */
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { version } from "../../../package.json";
import { createStandIn } from "../../engine/index.ts";
import { locateProgram, runAtSite, SIGNED_IN } from "../site.ts";
import { generateLongHash } from "../tenant.ts";
import { type Deployed, STATES } from "./released.ts";

type Program = Omit<Deployed, "at" | "devices" | "machines">;

const DEVICES = {
	gateway: { capabilities: { iotEdge: true } },
	sensor: { deviceScope: { scopeOf: "gateway" }, status: "disabled", statusReason: "spare" },
	meter: { authentication: { x509Thumbprint: { primaryThumbprint: "A1".repeat(20) } } },
	camera: { authentication: { type: "certificateAuthority" } },
};

const PROGRAMS: Readonly<Record<string, Program>> = {
	"device-identity": { program: "devices", key: "devices", declared: DEVICES, config: {} },
	"device-identity-without-credentials": {
		program: "devices",
		key: "devices",
		declared: DEVICES,
		config: { "iothub:storeCredentials": "false" },
	},
	"device-fleet": {
		program: "fleet",
		key: "devices",
		declared: {
			gateway: { capabilities: { iotEdge: true } },
			"sensor-1": { parent: "gateway" },
			"sensor-2": { parent: "gateway", status: "disabled", statusReason: "spare" },
		},
		config: {},
	},
	"autopilot-fleet": {
		program: "kiosks",
		key: "machines",
		declared: {
			kiosk: { serialNumber: "KIOSK-1", hardwareIdentifier: generateLongHash("KIOSK-1"), groupTag: "Kiosk" },
			"KIOSK-2": { hardwareIdentifier: generateLongHash("KIOSK-2") },
		},
		config: {},
	},
	"autopilot-identity": {
		program: "machines",
		key: "machines",
		declared: {
			kiosk: { serialNumber: "KIOSK-1", hardwareIdentifier: generateLongHash("KIOSK-1"), groupTag: "Kiosk" },
		},
		config: {},
	},
};

async function record(
	folder: string,
	name: string,
	{ program, key, declared, config }: Program,
): Promise<void> {
	const all = { ...SIGNED_IN, ...config, [key]: { secret: JSON.stringify(declared) } };
	await runAtSite(createStandIn(), { root: locateProgram(program), config: all }, async (site) => {
		const { exitCode, output } = await site.stack.up();
		if (exitCode !== 0) throw new Error(output);
		const { iotHub, graph, control } = site.emulator;
		const deployed: Deployed = {
			program,
			key,
			declared,
			config,
			at: { hub: iotHub.url, graph: graph.url },
			devices: control.devices.list(),
			machines: control.machines.list(),
		};
		const write = (what: string, value: unknown) =>
			writeFile(join(folder, `${name}.${what}.json`), `${JSON.stringify(value, null, "\t")}\n`, {
				flag: "wx",
			});
		await write("state", await site.stack.exportState());
		await write("deployed", deployed);
	});
}

async function main(release: string): Promise<void> {
	const folder = join(STATES, release);
	await mkdir(folder, { recursive: true });
	for (const [name, program] of Object.entries(PROGRAMS)) {
		if (!existsSync(join(folder, `${name}.state.json`))) await record(folder, name, program);
	}
}

main(process.argv[2] ?? version).catch((error) => {
	console.error(error);
	process.exitCode = 1;
});
