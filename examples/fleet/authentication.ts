import * as pulumi from "@pulumi/pulumi";
import type { AuthenticationArgs } from "pulumi-device-identity";
import type { Device } from "./device";

/** Returns the authentication of a device, as the hub expects it. */
export function authenticationOf(device: Device): AuthenticationArgs {
	const { authentication: type, keys, thumbprint = "", nextThumbprint } = device;
	switch (type) {
		case "sas":
			return keys === "derived" ? { type, derivedFrom: groupKey() } : { type };
		case "selfSigned":
			return {
				type,
				x509Thumbprint: {
					primaryThumbprint: thumbprint,
					...(nextThumbprint === undefined ? {} : { secondaryThumbprint: nextThumbprint }),
				},
			};
		case "certificateAuthority":
			return { type };
	}
}

/** Returns the key from which the device's manufacturer derives the same keys, as the Device Provisioning Service does. */
function groupKey(): pulumi.Output<string> {
	return new pulumi.Config().requireSecret("groupKey");
}
