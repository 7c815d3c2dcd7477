import type { Scene } from "./scene.ts";

/** How to go on by hand, with the emulator that the demo leaves running. */
export function byHand(
	{ emulator: { iotHub, controlUrl }, groupKey }: Scene,
	stateFolder: string,
): readonly string[] {
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
		"And in the end (what somebody else changed is deleted only once the state knows of it):",
		"",
		"    pulumi destroy --refresh && pulumi stack rm demo",
	];
}
