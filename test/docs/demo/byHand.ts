import type { Scene } from "./scene.ts";

/** How to go on by hand, with the emulator that the demo leaves running. */
export function describeByHand(
	{ emulator: { iotHub, graph, entra, controlUrl }, groupKey }: Scene,
	stateFolder: string,
): readonly string[] {
	const { endpoint, header } = entra.managedIdentity;
	return [
		"",
		"The emulator is still there, until Ctrl-C. In another terminal, in this folder:",
		"",
		`    export IOTHUB_CONNECTION_STRING='${iotHub.connectionString}'`,
		`    export IOTHUB_ENDPOINT=${iotHub.url}`,
		"    export PULUMI_CONFIG_PASSPHRASE=demo",
		`    export PULUMI_BACKEND_URL=file://${stateFolder}   # for these commands what \`pulumi login\` is for all`,
		"    pulumi stack init demo",
		`    pulumi config set --secret groupKey ${groupKey}`,
		"    pulumi up",
		"",
		"Then be somebody else, and see what `pulumi preview` says:",
		"",
		`    curl ${controlUrl}                # all that can be done`,
		`    curl ${controlUrl}/devices/crane-02`,
		`    curl -X PATCH ${controlUrl}/devices/crane-02 -d '{"status":"disabled"}'`,
		`    curl -X POST ${controlUrl}/devices/shore-power-11/rotate-keys`,
		`    curl -X DELETE ${controlUrl}/devices/berth-12`,
		"",
		"The machines are a project of their own:",
		"",
		`    export AUTOPILOT_ENDPOINT=${graph.url} AUTOPILOT_CREDENTIAL=managedIdentity`,
		`    export IDENTITY_ENDPOINT=${endpoint} IDENTITY_HEADER=${header}`,
		"    pulumi -C examples/autopilot stack init demo && pulumi -C examples/autopilot up",
		`    curl ${controlUrl}/machines`,
		"",
		"And in the end (what somebody else changed is deleted only once the state knows of it):",
		"",
		"    pulumi destroy --refresh && pulumi stack rm demo",
		"    pulumi -C examples/autopilot destroy --refresh && pulumi -C examples/autopilot stack rm demo",
	];
}
