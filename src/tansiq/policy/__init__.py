"""Who may see and who may say, each decision with its reason. Pure: values in, values out."""
