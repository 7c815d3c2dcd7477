/**
 * A fleet that nobody deploys by hand: this program says what there is, a pipeline makes it so and looks every night
 * whether it still is. README.md says what to set up.
 */
import * as pulumi from "@pulumi/pulumi";
import { AutopilotIdentity, DeviceIdentity, readAutopilotCsv } from "pulumi-device-identity";

// A commit that loses the gateway, or gives it another id, fails instead of deleting it. If somebody else changes it,
// the deployment stops and a person decides.
const gateway = new DeviceIdentity(
	"gw-quay",
	{ capabilities: { iotEdge: true }, status: "enabled", onDrift: "fail" },
	{ protect: pulumi.getStack() === "production" },
);

// Cattle: what somebody else changes is put back by the next deployment, what leaves this list is deleted.
for (const name of ["crane-1", "crane-2", "crane-3"]) {
	new DeviceIdentity(name, { status: "enabled", deviceScope: gateway.deviceScope });
}

// Once it is handed over, these lines go, and the device stays in the hub for its new owner.
new DeviceIdentity(
	"survey-buoy",
	{ status: "disabled", statusReason: "to be handed over" },
	{ retainOnDelete: true },
);

// Windows Autopilot as well, where `machines` names a file. Its hardware hashes are secrets: keep it encrypted in Git, or
// let the pipeline fetch it from where it is kept.
const machines = new pulumi.Config().get("machines");
if (machines !== undefined) {
	for (const machine of readAutopilotCsv(machines)) new AutopilotIdentity(machine.serialNumber, machine);
}
