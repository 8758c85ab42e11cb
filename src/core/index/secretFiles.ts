/** Directories that hold keys and sign-ins. */
const secretDirectories = new Set(['.ssh', '.gnupg', '.aws', '.azure', '.kube', '.password-store', '.docker']);

const secretNames = new Set(
  (
    '.env .envrc .npmrc .yarnrc .pypirc .netrc _netrc .pgpass .my.cnf .mylogin.cnf .htpasswd .htaccess .git-credentials .dockercfg .dockerconfigjson ' +
    '.s3cfg .boto .vault-token .terraformrc terraform.rc .rclone.conf rclone.conf .msmtprc .fetchmailrc .authinfo .cargo-credentials kubeconfig ' +
    'credentials credentials.json credentials.toml credentials.yml credentials.yaml credentials.xml credentials.csv ' +
    'application_default_credentials.json client_secret.json token.json tokens.json auth.json secret.json ' +
    'id_rsa id_dsa id_ecdsa id_ed25519 id_ecdsa_sk id_ed25519_sk master.key accesskeys.csv rootkey.csv .bash_history .zsh_history .python_history'
  ).split(' '),
);

const secretPatterns = [
  // Settings of an environment; templates of them are there to be read.
  /^\.env[.-](?!(?:example|sample|template|dist|defaults?|schema)$).+$/,
  /^.+\.env$/,
  /\.(?:pem|key|p8|p12|pfx|pkcs12|jks|jceks|keystore|bks|kdb|kdbx|ppk|gpg|pgp|asc|agekey|ovpn|keychain|keytab|tfstate|tfvars|kubeconfig)$/,
  /\.(?:tfstate\.backup|tfvars\.json|mobileprovision|snk)$/,
  /^id_(?:rsa|dsa|ecdsa|ed25519)[^.]*$/,
  /^(?:secrets?|vault)\.(?:json|ya?ml|toml|ini|properties|env|txt|enc)$/,
  /^client_secret.*\.json$/,
  /^service[-_]?account.*\.json$/,
  /^kubeconfig[.-]/,
];

/** Whether a file is likely to hold keys, passwords or tokens, by its name. Such files are never read. */
export function isSecretFile(name: string): boolean {
  const lower = name.toLowerCase();
  return secretNames.has(lower) || secretPatterns.some((pattern) => pattern.test(lower));
}

export function isSecretDirectory(name: string): boolean {
  return secretDirectories.has(name.toLowerCase());
}
