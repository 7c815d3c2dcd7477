/**
 * A provider that works at a server of the worst kind, in a process that has little memory to lose. Its arguments: what it
 * does, where, and how long that may take. It prints what came of it, and how much memory the process took at its peak.
 */
import { graphService } from "../../provider/graph/service.ts";
import { iotHubService } from "../../provider/iothub/service.ts";
import { QuickClock } from "../contract/engine/quickClock.ts";
import { CREDENTIAL } from "./graph.ts";
import type { Outcome } from "./victim.ts";

const [act = "", origin = "", time = "20m"] = process.argv.slice(2);
const KEY = Buffer.alloc(32, 7).toString("base64");
const CONFIG: Readonly<Record<string, string>> = {
	"iothub:connectionString": `HostName=fleet.azure-devices.net;SharedAccessKeyName=owner;SharedAccessKey=${KEY}`,
	"iothub:endpoint": origin,
	"iothub:timeouts": time,
	"autopilot:endpoint": origin,
	"autopilot:timeouts": time,
};

const clock = new QuickClock();
const around = { sources: { config: (key: string) => CONFIG[key], env: {} }, clock, say: () => {} };
const hub = iotHubService(around);
const graph = graphService({ ...around, credential: CREDENTIAL });

const ACTS: Readonly<Record<string, () => Promise<unknown>>> = {
	device: () => hub.lookups.device({ deviceId: "a" }),
	devices: () => hub.lookups.query({}),
	machine: () => graph.lookups.machine({ id: "a" }),
	machines: () => graph.lookups.machines({}),
	import: () => graph.autopilotIdentity.create({ serialNumber: "S-1", hardwareIdentifier: "T0E=" }),
};

async function main(): Promise<void> {
	const message = await ACTS[act]?.().then(
		() => "it succeeded",
		(error: unknown) => (error instanceof Error ? error.message : "it failed without an error"),
	);
	const outcome: Outcome = { message: message ?? "", peak: process.resourceUsage().maxRSS * 1024 };
	process.stdout.write(JSON.stringify(outcome), () => process.exit(0));
}

void main();
